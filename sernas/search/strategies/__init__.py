"""The strategies of Wu et al. 2022, section 2, and of Liu et al. 2019, a file each. Light."""
