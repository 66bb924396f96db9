"""Many jobs on many machines: one job for each prompt and seed.

The job folder stays the only contract. A batch is a jobs folder on storage that all machines share. Its jobs are made first, then
Ray runs workers on the machines, and the driver hands them one job after the other. Everything that must survive is in the job
folders, so a batch continues after the end of any process. Every client of job folders works beside it.

    <jobs>/batch.lock    held by the driver
    <jobs>/batch.pause   client: the driver hands out no jobs while it exists
    <jobs>/batch.log     output of Ray

Modules:

    requests   the jobs of a list of prompts
    single     runs one job in this process, for a worker or a farm manager
    need       what a job needs: cores, memory, a share of a GPU
    cluster    connects to Ray; imports it
    worker     the process on a machine that runs jobs, as an actor of Ray
    driver     hands the jobs to the workers and repeats what was lost
    control    pauses, continues and cancels a batch
    status     counts the jobs by state; rate and time left
    openjd     the same jobs as a template for farm managers
"""
