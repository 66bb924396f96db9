"""The job folder: the only interface between a client (the add-on, the command line) and the worker.

Standard library only; client and worker import the same modules. A job is a folder::

    <jobs>/<id>/job.json       client: the request
                remote.json    client: the remote host, if the job runs on one (see `remote`)
                input/         client: what the job works on: mesh.npz (see `inputs.mesh_file`), present-0.png for the present
                               texture of sheet 0
                control/       client: requests to the worker, as empty files: cancel, pause, resume
                settings.json  worker: all settings, resolved from preset and overrides
                events.jsonl   worker: what happens, append-only
                lock           worker: operating-system lock, held while it runs the job
                log.txt        worker: its stdout and stderr during the job
                checkpoints/   worker: state of the optimization, to resume from
                previews/      worker: pictures of the unfinished object, at the end turntable.mp4
                asset/         worker: mesh.glb, its textures, report.json
    <jobs>/worker.lock         held by the one worker that runs the jobs of this folder
    <jobs>/worker.log          output of workers outside of jobs
    <jobs>/worker.KEY.lock     held by the relay to one remote host; its output is in worker.KEY.log
    <jobs>/batch.lock          held by the driver of a batch in this folder; see `batch` for its other files
    <jobs>/.trash/             deleted jobs

Each file has one writer, client or worker, with two exceptions: the worker deletes control/resume when it takes the job and
before `bye`, and control/cancel when it has ended the job as cancelled. A relay acts as the worker of the jobs on its host. `job.json`,
`remote.json` and `input` are never changed. Files that change are written under a temporary name, then renamed.

Events are JSON objects, one a line. Each has `n` (number, from 1), `time` (seconds since 1970) and `kind`:

    hello      protocol, backend, device, python, torch, pid   a worker has taken the job; again after a resume
    phase      name                                            loading, optimising, extracting, baking, refining, exporting
    progress   phase, step, total, elapsed_s, eta_s            eta_s: seconds to the result, null if unknown
    preview    path, step                                      a new picture
    warning    message
    paused
    resumed
    result     mesh, report, elapsed_s                         the asset is complete
    error      message, code                                   precedes a `bye` with status failed or died
    bye        status, peak_memory_mib                         done, failed, cancelled or died
    turntable  path                                            may follow `bye`
    link       host, message, code                             written by a relay, see below

Paths are relative to the job's folder, with forward slashes. Readers ignore unknown kinds and fields, skip lines that are not
JSON, and wait for the end of an incomplete last line.

Events of a relay have `"relay": true` and no number. A `link` event without message reports that the host has the job; with a
message, that the connection is lost, and `code` gives the cause (`relay.ssh.explain`).

The lock decides whether a worker is alive; process ids are never used for that. A job without `bye` whose lock is free has died
(`states.settle`). No job gets lost between a client and a worker that is about to end: the client writes the request, then
probes worker.lock; the worker releases worker.lock, then checks for new requests.

Modules:

    request      job.json: fields, validation, cleaning of prompts
    folder       creates and lists job folders; control requests
    events       writes and reads events.jsonl
    states       the state that follows from the events
    lock         operating-system locks
    files        atomic writes
    remote       remote.json; where a job runs
    launch       starts workers and other backend processes
    follow       follows a job from a client
    trash        deletes and restores jobs
    exit_codes   exit statuses of backend processes
"""
