"""The relay: jobs that run on another host, over the person's own ssh.

Standard library only, and any Python from 3.10 on: Blender's own starts it where a worker would be started.

::

    near (this computer)                        far (the host)
    <jobs>/<id>/  --- relay --- ssh HOST --- far.py --- <jobs there>/<id>/ --- worker

The near half takes the jobs of a folder whose remote.json names its host, holds their locks as a worker would, and keeps
their folders as they are over there. It sends requests and controls, nothing else; the code must be there already, and of
the same version. The far half starts a worker that does not notice when the connection breaks, and sends what is new: of
events.jsonl and log.txt the bytes that were added, other files when their size or time differs. A file always comes before
the event that names it. Checkpoints stay where they are of use.

The near half's own events have `"relay": true`; all other bytes of events.jsonl are the far worker's. So the file alone
says how much of it has come, however the relay ended.

Near to far: one JSON object a line, {"do": follow, control, doctor or ping}. Far to near: a line with `MAGIC` and
{"relay", "backend"}, then frames, each a JSON line and as many bytes as its "size" says: accepted, file, events, over,
failed, doctor.
"""
