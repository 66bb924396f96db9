// A job type for Flamenco 3: generates objects with DreamFusion for Blender, then puts them into one Blender file.
// Copy this file into the folder "scripts" next to the program flamenco-manager, and restart the Manager.
// https://flamenco.blender.org/usage/job-types/

const JOB_TYPE = {
    label: "DreamFusion Batch",
    description: "One object for each prompt and seed, then a Blender file with all of them",
    settings: [
        { key: "job_names", type: "string", required: true, visible: "web",
          description: "Names of the jobs in the jobs folder, one per line" },
        { key: "jobs_folder", type: "string", subtype: "dir_path", required: true,
          description: "Jobs folder, on storage that all workers share" },
        { key: "jobs_per_task", type: "int32", default: 1, propargs: { min: 1, max: 1000 },
          description: "Jobs that a worker runs one after the other in one process" },
        { key: "python", type: "string", subtype: "file_path", required: true,
          description: "Python of the backend on the workers" },
        { key: "backend", type: "string", subtype: "dir_path", required: true,
          description: "Folder on the workers that contains the package 'backend'" },
        { key: "list_file", type: "string", subtype: "file_path", default: "",
          description: "File that names the objects and the Blender file to save. Empty for no Blender file" },
        { key: "blender", type: "string", default: "{blender}", visible: "hidden" },
        { key: "task_type", type: "string", default: "misc", visible: "hidden",
          description: "Type of the tasks that generate objects, which decides which workers run them" },
    ]
};

// Runs the package 'backend' from a folder. Flamenco cannot set PYTHONPATH.
const RUN_BACKEND =
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('backend', run_name='__main__')";

function compileJob(job) {
    const settings = job.settings;
    const names = settings.job_names.split("\n").filter(name => name.trim() != "");
    if (names.length == 0) {
        throw "The setting job_names is empty. Name at least one job.";
    }
    const perTask = Math.max(1, settings.jobs_per_task || 1);
    const generating = [];
    for (let start = 0; start < names.length; start += perTask) {
        const task = generateTask(settings, names.slice(start, start + perTask));
        job.addTask(task);
        generating.push(task);
    }
    if (settings.list_file) {
        const task = assembleTask(settings);
        for (const other of generating) {
            task.addDependency(other);
        }
        job.addTask(task);
    }
}

function generateTask(settings, names) {
    const title = names.length == 1 ? names[0] : `${names[0]} and ${names.length - 1} more`;
    const task = author.Task(title, settings.task_type || "misc");
    const folders = names.map(name => `${settings.jobs_folder}/${name}`);
    task.addCommand(author.Command("exec", {
        exe: settings.python,
        args: ["-B", "-c", RUN_BACKEND, settings.backend, "batch", "run"].concat(folders),
    }));
    return task;
}

function assembleTask(settings) {
    const task = author.Task("assemble scene", "blender");
    task.addCommand(author.Command("exec", {
        exe: settings.blender || "{blender}",
        args: [
            "--background", "--factory-startup", "--python-exit-code", "1",
            "--python", `${settings.backend}/backend/farm/assemble_in_blender.py`, "--", settings.list_file,
        ],
    }));
    return task;
}
