"""The relay: runs jobs on a remote host over the user's ssh.

Standard library only, for any Python from 3.10 on. On this computer, clients start it in place of a worker; in Blender it runs
in Blender's Python.

::

    near end (this computer)                         far end (remote host)
    <jobs>/<id>/  <-- near.py --- ssh HOST --- far.py --> <remote jobs>/<id>/ <-- worker

The near end takes the jobs of a jobs folder whose `remote.json` names its host. It holds their locks as a worker would and
mirrors their remote folders. It sends requests and controls, but no code: the host needs the same version of the backend. The
far end starts a worker, which keeps running when the connection breaks. The far end sends what is new: the bytes added to
`events.jsonl` and `log.txt`, and other files when their size or time changes. A file always arrives before the event that
names it. Checkpoints are not copied.

Events written by the near end have `"relay": true`. All other bytes of `events.jsonl` come from the remote worker, so the file
itself records how much has arrived, however the relay ended.

Protocol: see `wire`. Near to far: one JSON object a line, {"do": follow, control, doctor or ping}. Far to near: one line with
`MAGIC` and {"relay", "backend"}, then frames. A frame is a JSON line followed by `size` bytes; its kind is accepted, file,
events, over, failed or doctor.
"""
