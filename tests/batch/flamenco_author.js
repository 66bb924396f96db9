// Compiles a job as a Flamenco Manager does, with its author API (internal/manager/job_compilers/author.go in Flamenco 3).
// node flamenco_author.js SCRIPT < SubmittedJob; prints the tasks as JSON.

const fs = require("fs"), vm = require("vm");

class Task {
    constructor(name, type) {
        this.name = String(name).trim();
        this.type = String(type).trim();
        if (!this.name) throw "author.Task(name, type): name is required";
        if (!this.type) throw "author.Task(name, type): type is required";
        this.commands = [];
        this.dependencies = [];
    }
    addCommand(command) { this.commands.push(command); }
    addDependency(task) { this.dependencies.push(task); }
}

const author = {
    Task: (name, type) => new Task(name, type),
    Command: (name, parameters) => ({ name, parameters }),
};
const submitted = JSON.parse(fs.readFileSync(0, "utf8"));
const tasks = [];
const job = { ...submitted, created: new Date(), addTask: task => tasks.push(task) };
const script = fs.readFileSync(process.argv[2], "utf8") + "\n;[JOB_TYPE, compileJob]";
const [type, compileJob] = vm.runInNewContext(script, { author, print: () => {}, alert: () => {} });
const known = type.settings.map(setting => setting.key);
for (const key of Object.keys(submitted.settings)) {
    if (!known.includes(key)) throw `unknown setting ${key}`;
}
for (const setting of type.settings) {
    if (setting.required && !(setting.key in submitted.settings)) throw `missing setting ${setting.key}`;
}
compileJob(job);
const plain = tasks.map(task => ({ ...task, dependencies: task.dependencies.map(other => tasks.indexOf(other)) }));
console.log(JSON.stringify(plain));
