"""All states of the panel, as views of jobs."""

from types import SimpleNamespace

from ui_driver import module


def view(status, prompt="a red mushroom", job="one", **facts):
    """Makes the view of a job."""
    present, states = module("core.present"), module("backend.jobs.states")
    known = {name: facts.pop(name) for name in ("arrival", "is_pausing", "is_attended", "ahead") if name in facts}
    known |= {name: facts.pop(name) for name in ("can_move",) if name in facts}
    origin = facts.pop("origin", {})
    known |= {name: facts.pop(name) for name in ("waited_s", "preview", "import_error") if name in facts}
    request = module("backend.jobs.request").JobRequest(job, "2026-11-21T10:00:00+00:00", prompt, seed=7, origin=origin)
    return present.view_job(job, request, states.JobState(status=status, **facts), **known)


def list_of(statuses, preview):
    """The jobs of a list with these statuses."""
    present, states = module("core.present"), module("backend.jobs.states")
    things = (
        "a red mushroom",
        "a blue mug",
        "a green tree with a brown trunk and two small birds in it",
        "a yellow cone",
    )
    made = []
    for status, member in zip(statuses, module("core.groups").new(len(statuses)), strict=True):
        facts = {"origin": member.as_origin(), "preview": preview, "arrival": present.Arrival.IMPORTED}
        if status == states.RUNNING:
            facts |= {"phase": "optimising", "step": 120, "total": 300, "eta_s": 40.0}
        elif status == states.QUEUED:
            facts |= {"ahead": len(made) - 3, "can_move": True, "preview": ""}
        elif status == states.FAILED:
            facts |= {"error": "The optimization diverged. Try another seed.", "error_code": "diverged"}
        made.append(view(status, things[member.number % len(things)], f"m{member.number}", **facts))
    return made


def all_states(preview):
    """Yields (name, views, further session state) for all states of the panel. `preview` is the path of an image."""
    present, history = module("core.present"), module("core.history")
    states = module("backend.jobs.states")
    Arrival, Message = present.Arrival, present.Message
    steps = {"phase": "optimising", "step": 120, "total": 300, "eta_s": 40.0}
    running = view(states.RUNNING, preview=preview, **steps)
    elsewhere = view(states.RUNNING, "a blue mug", "two", host="gpu-box", preview=preview, **steps)
    waiting = [
        view(states.QUEUED, text, f"q{n}", ahead=n + 1, can_move=True)
        for n, text in enumerate(("a green tree", "a cone"))
    ]
    unsupported = (
        'The model does not recognize "shiny" and ignores it. It supports apple, ball, barrel, bear and bottle.'
    )
    diverged = "The optimization diverged at step 40. Try another seed, or a lower optimizer.density_rate."
    lost = "Cannot connect to gpu-box (Connection reset by peer). Check that `ssh gpu-box` works in a terminal."

    def failed(code, error, status=states.FAILED):
        return [view(status, error=error, error_code=code, elapsed_s=12.0)]

    def done(arrival, **facts):
        return [view(states.DONE, arrival=arrival, preview=preview, elapsed_s=55.0, **facts)]

    class Installing:
        is_running = True
        progress = SimpleNamespace(
            message="Downloading torch-2.13.0 (180 MB)", fraction=0.35, is_good=True, elapsed_s=65
        )

    past = [
        view(states.DONE, "a red mushroom with white spots on its cap", "h0", preview=preview, elapsed_s=55.0),
        view(states.DONE, "a scarlet toadstool", "h1", preview=preview, elapsed_s=61.0, arrival=Arrival.IMPORTED),
        view(states.CANCELLED, "a green tree", "h2", elapsed_s=5.0),
        *failed("diverged", diverged),
        view(states.DIED, "a yellow cone", "h5", error="The backend stopped unexpectedly.", error_code="died"),
    ]
    page = history.HistoryPage(tuple(past), 1, 4, 21)

    yield "nothing", [], {}
    yield "no-backend", [], {"setup_problem": module("core.paths").python_problem(""), "python": ""}
    yield "installing", [], {"installation": Installing}
    yield "refused", [], {"message": Message("The prompt is empty. Describe one object, such as a red mushroom.")}
    yield "starting", [view(states.STARTING, waited_s=3.0)], {}
    yield "slow-start", [view(states.STARTING, waited_s=63.0)], {}
    yield "loading", [view(states.RUNNING, phase="loading", step=1, total=2)], {}
    yield "running", [running], {}
    yield "running-with-warning", [view(states.RUNNING, preview=preview, warnings=(unsupported,), **steps)], {}
    yield "long-prompt", [view(states.RUNNING, "a tall red mushroom with a white stem " * 4, **steps)], {}
    yield "baking", [view(states.RUNNING, phase="baking", step=20, total=40, eta_s=4.0, preview=preview)], {}
    yield "pausing", [view(states.RUNNING, is_pausing=True, preview=preview, **steps)], {}
    yield "paused", [view(states.PAUSED, is_pausing=True, preview=preview, **steps)], {}
    yield "cancelling", [view(states.CANCELLING)], {}
    yield "cancelled", [view(states.CANCELLED, preview=preview, elapsed_s=9.0)], {}
    yield "queue", [running, *waiting], {}
    twenty = list_of([*[states.DONE] * 3, states.FAILED, states.RUNNING, *[states.QUEUED] * 15], preview)
    yield (
        "queue-of-20",
        [running, *[view(states.QUEUED, "a cone", f"c{n}", ahead=n, can_move=True) for n in range(19)]],
        {},
    )
    yield "list", twenty, {"shown": "m4"}
    yield "list-waiting", twenty, {"shown": "m6"}
    yield "list-failed", twenty, {"shown": "m3"}
    yield "list-done", list_of([*[states.DONE] * 4, states.FAILED], preview), {"shown": "m3"}
    words = "a tall red mushroom with a white stem and many small white spots, " * 15
    yield "very-long-prompt", [view(states.RUNNING, words[:900], preview=preview, **steps)], {}
    yield "here-and-on-a-host", [running, elsewhere], {}
    yield "left-waiting", [view(states.QUEUED, is_attended=False)], {}
    yield "arriving", done(Arrival.PENDING), {}
    yield "held", done(Arrival.HELD), {}
    yield "busy", done(Arrival.BUSY), {}
    yield "here", done(Arrival.IMPORTED), {}
    yield "not-here", done(Arrival.NOT_IMPORTED), {}
    yield (
        "import-failed",
        done(Arrival.FAILED, import_error="The file mesh.glb contains no mesh. Generate the object again."),
        {},
    )
    yield "died", failed("died", "The worker exited unexpectedly. Resume the job.", states.DIED), {}
    yield "start-failed", failed("start", module("core.paths").python_problem("/opt/no/such/python")), {}
    yield "diverged", failed("diverged", diverged), {}
    yield "memory", failed("memory", "The GPU is out of memory. Choose a smaller preset."), {}
    yield "disk", failed("disk", "The disk is full. Free some space, then resume the job."), {}
    yield "on-a-host", [view(states.RUNNING, host="gpu-box", preview=preview, **steps)], {"host": "me@gpu-box"}
    yield "host-lost", [view(states.RUNNING, host="gpu-box", link=lost, **steps)], {"host": "me@gpu-box"}
    yield "history", [], {"history": page}
    yield "history-no-match", [], {"search": "xyz"}
    deleted = Message('Deleted "a blue mug".', is_error=False, actions=(module("core.actions").RESTORE,))
    yield "deleted", [], {"message": deleted, "deleted": ("two", "a blue mug")}
    yield "add-on-error", [running], {"pump_error": "KeyError: 'one'"}
    yield "German", [running, *waiting], {"language": "de_DE", "history": page}
    yield "list-in-German", list_of([*[states.DONE] * 4, states.FAILED], preview), {"shown": "m3", "language": "de_DE"}
    yield "Japanese", [running, *waiting], {"language": "ja_JP", "history": page}
