"""What is to be done: the configuration read, the rows of tables, the size of jobs."""
