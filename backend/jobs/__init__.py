"""The job folder: the only contract between a client (Blender, the command line) and the worker.

Standard library only; both sides import this same file. A job is a folder::

    <jobs>/<id>/job.json       the request, written once by the client
                events.jsonl   append-only, written by the worker
                control/       cancel, pause, resume: empty files that the client puts there
                settings.json  what preset and overrides came to, written by the worker when it first takes the job
                lock           an operating-system lock that the living worker holds
                remote.json    where the job runs, if not on this computer; written by the client (see remote.py)
                log.txt        stdout and stderr of the worker
                checkpoints/ previews/ asset/    made by the worker
    <jobs>/worker.lock         held by the one worker that drains this folder

Single writers: the client writes job.json and control/, the worker everything else; it takes `resume` away when it
heeds it, and `cancel` when it has ended the job. All paths inside events are relative to the job's folder, with
forward slashes.

Events, in the order of a job that goes well: hello (protocol, backend, device, python, torch, pid), phase (name),
warning (message), progress (phase, step, total, elapsed_s, eta_s), preview (path, step), paused, resumed,
result (mesh, report), bye (status); error (message, code) comes before a bye that says "failed". After bye there may
be a turntable (path). A resumed job says hello again. Of a job on another host, a relay says link (host, message): the
host has it; with a message, there is no connection to it at present.

No job is lost between a client and a worker that is about to end: the client writes the request first and asks for
worker.lock afterwards; the worker gives the lock back first and looks for requests afterwards.
"""
