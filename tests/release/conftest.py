from releasing import release as release
