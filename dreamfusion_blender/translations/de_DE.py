"""German."""

# fmt: off
TEXTS: dict[str, str] = {
    "Generate": "Erzeugen",
    "Pause": "Pause",
    "Continue": "Weiter",
    "Cancel": "Abbrechen",
    "Resume": "Fortsetzen",
    "Try Again": "Erneut versuchen",
    "Start": "Starten",
    "Import": "Importieren",
    "Import Again": "Erneut importieren",
    "Another Seed": "Anderer Startwert",
    "Edit Prompt": "Text bearbeiten",
    "Delete": "Löschen",
    "Undo": "Rückgängig",
    "Show Log": "Protokoll zeigen",
    "Open Folder": "Ordner öffnen",
    "Restart": "Neu starten",
    "Open Preferences": "Einstellungen öffnen",
    "Copy": "Kopieren",
    "Cancel Job": "Auftrag abbrechen",
    "Pause Job": "Auftrag anhalten",
    "Continue Job": "Auftrag weiterführen",
    "Resume Job": "Auftrag fortsetzen",
    "Import Result": "Ergebnis importieren",
    "Check Backend": "Backend prüfen",
    "New Seed": "Neuer Startwert",
    "Delete Job": "Auftrag löschen",
    "Undo Delete Job": "Löschen des Auftrags rückgängig",
    "History Page": "Seite des Verlaufs",
    "DreamFusion Log": "DreamFusion-Protokoll",
    "Restart DreamFusion": "DreamFusion neu starten",
    "Make an object from the prompt. It arrives at the 3D cursor when it is ready":
        "Macht aus dem Text ein Objekt. Es erscheint am 3D-Cursor, sobald es fertig ist",
    "Stop this job. What it has learned is kept, so it can be resumed":
        "Hält diesen Auftrag an. Das Gelernte bleibt, er kann fortgesetzt werden",
    "Let the job rest after its step, and leave the computer to other work":
        "Lässt den Auftrag nach seinem Schritt ruhen und überlässt den Rechner anderer Arbeit",
    "Go on with the paused job": "Führt den angehaltenen Auftrag weiter",
    "Go on from the last checkpoint": "Geht vom letzten Zwischenstand weiter",
    "Bring the finished object to the 3D cursor of this scene": "Holt das fertige Objekt an den 3D-Cursor dieser Szene",
    "Ask the backend whether it has everything, and whether this scene's model fits into the memory; the answer appears below":
        "Fragt das Backend, ob alles da ist und ob das Modell dieser Szene in den Speicher passt; die Antwort erscheint darunter",
    "This scene has no job: press Generate first.": "Diese Szene hat keinen Auftrag: erst Erzeugen drücken.",
    "Another seed makes another object from the same words":
        "Ein anderer Startwert macht aus denselben Worten ein anderes Objekt",
    "Make this object again with another seed: same words, another shape":
        "Macht dieses Objekt noch einmal mit anderem Startwert: dieselben Worte, eine andere Form",
    "Put the job's words and settings into the fields above, to change them and press Generate":
        "Setzt Text und Einstellungen des Auftrags in die Felder oben, um sie zu ändern und neu zu erzeugen",
    "Delete the job and all its files. It can be brought back for a week":
        "Löscht den Auftrag mit allen Dateien. Er kann eine Woche lang zurückgeholt werden",
    "The job and its files can be brought back for a week.":
        "Auftrag und Dateien können eine Woche lang zurückgeholt werden.",
    "Bring the job back that was deleted last": "Holt den zuletzt gelöschten Auftrag zurück",
    "Leaf through the history": "Blättert im Verlauf",
    "Show the end of what the backend wrote": "Zeigt das Ende dessen, was das Backend geschrieben hat",
    "Put the log on the clipboard": "Legt das Protokoll in die Zwischenablage",
    "Open the folder in the system's file browser": "Öffnet den Ordner im Dateiverwalter des Systems",
    "Open this add-on's preferences": "Öffnet die Einstellungen dieser Erweiterung",
    "Forget everything about this session and look at all jobs anew. Jobs go on meanwhile":
        "Vergisst diese Sitzung und sieht alle Aufträge neu durch. Aufträge laufen derweil weiter",
    "History": "Verlauf",
    "Advanced": "Erweitert",
    "Without": "Ohne",
    "A red mushroom": "A red mushroom (auf Englisch)",
    "No jobs yet": "Noch keine Aufträge",
    "No job has these words": "Kein Auftrag enthält diese Worte",
    "Loading the model": "Das Modell wird geladen",
    "Sculpting": "Formen",
    "Making the mesh": "Das Netz entsteht",
    "Painting the texture": "Die Textur wird gemalt",
    "Refining the object": "Das Objekt wird verfeinert",
    "Saving the object": "Das Objekt wird gespeichert",
    "Waiting": "Wartet",
    "Waiting for the job before it": "Wartet auf den Auftrag davor",
    "Waiting: {count} jobs before it": "Wartet: {count} Aufträge davor",
    "Starting the backend": "Das Backend startet",
    "(longer than usual: see its log)": "(länger als gewöhnlich: siehe Protokoll)",
    "Working": "In Arbeit",
    "Pausing after this step": "Hält nach diesem Schritt an",
    "Paused": "Angehalten",
    "Cancelling": "Wird abgebrochen",
    "Done": "Fertig",
    "Failed": "Fehlgeschlagen",
    "Cancelled": "Abgebrochen",
    "Stopped unexpectedly": "Unerwartet beendet",
    "Done, ready to import": "Fertig, kann importiert werden",
    "Done, bringing it into the scene": "Fertig, kommt in die Szene",
    "Done, waits until you are back in Object Mode": "Fertig, wartet auf den Objektmodus",
    "Done, in the scene": "Fertig, in der Szene",
    "Done, but the import failed": "Fertig, aber der Import schlug fehl",
    "Step {step} of {total}": "Schritt {step} von {total}",
    "about {time} left": "noch etwa {time}",
    "seed {seed}": "Startwert {seed}",
    "Failed without saying why: see the log.": "Fehlgeschlagen ohne Begründung: siehe Protokoll.",
    "\"{prompt}\" is deleted.": "„{prompt}“ ist gelöscht.",
    "The add-on met an error ({error}): restart it. Jobs go on meanwhile.":
        "Die Erweiterung stieß auf einen Fehler ({error}): starten Sie sie neu. Aufträge laufen derweil weiter.",
    "Prompt": "Text",
    "One object in plain words, such as 'a red mushroom'":
        "Ein Objekt in einfachen Worten, auf Englisch, etwa „a red mushroom“",
    "Negative Prompt": "Negativer Text",
    "What the object should not look like; may stay empty": "Wie das Objekt nicht aussehen soll; darf leer bleiben",
    "Preset": "Vorgabe",
    "How much time to spend on how much detail": "Wie viel Zeit für wie viele Einzelheiten",
    "Seed": "Startwert",
    "The same prompt, preset and seed make the same object again; another seed makes another one":
        "Gleicher Text, gleiche Vorgabe und gleicher Startwert machen dasselbe Objekt; ein anderer Startwert ein anderes",
    "Variations": "Varianten",
    "How many objects to make, one after the other, each with the next seed. They stand side by side":
        "Wie viele Objekte nacheinander entstehen, jedes mit dem nächsten Startwert. Sie stehen nebeneinander",
    "Overrides": "Abweichungen",
    "Settings over the preset, as 'group.name=value', several with commas between":
        "Einstellungen über die Vorgabe hinaus, als „Gruppe.Name=Wert“, mehrere durch Kommas getrennt",
    "Search": "Suchen",
    "Words of the prompt, the state, the date or the seed of the jobs to show":
        "Worte des Textes, Zustand, Datum oder Startwert der Aufträge, die gezeigt werden sollen",
    "Backend's Python": "Python des Backends",
    "The python program of the environment that has the backend's requirements. Empty means the one that Install Backend made. The environment variable DREAMFUSION_PYTHON sets the default":
        "Das Programm python der Umgebung, die alles hat, was das Backend braucht. Leer: die von „Backend installieren“. Die Umgebungsvariable DREAMFUSION_PYTHON setzt den Vorgabewert",
    "Offline Packages": "Pakete ohne Netz",
    "A folder with the backend's packages as wheels, to install without a network; usually empty":
        "Ein Ordner mit den Paketen des Backends als Wheels, um ohne Netz zu installieren; sonst leer",
    "Install": "Installieren",
    "Install Backend": "Backend installieren",
    "Update Backend": "Backend aktualisieren",
    "Repair Backend": "Backend reparieren",
    "Remove Backend": "Backend entfernen",
    "Cancel Installation": "Installation abbrechen",
    "Install what the backend needs, PyTorch above all, outside of Blender. Shows what, from where and to where, and asks":
        "Installiert außerhalb von Blender, was das Backend braucht, vor allem PyTorch. Zeigt was, woher und wohin, und fragt",
    "End the installation. What was fetched is kept: installing again goes on from there":
        "Beendet die Installation. Was geholt ist, bleibt: erneutes Installieren geht von dort weiter",
    "Delete the installed backend. Jobs and their objects stay":
        "Löscht das installierte Backend. Aufträge und ihre Objekte bleiben",
    "PyTorch {version} {build} and {count} smaller packages, under their own free licenses (BSD, Apache, MIT and the like).":
        "PyTorch {version} {build} und {count} kleinere Pakete unter ihren freien Lizenzen (BSD, Apache, MIT und ähnliche).",
    "for processors": "für Prozessoren",
    "for NVIDIA's cards (CUDA)": "für Karten von NVIDIA (CUDA)",
    "for Apple's GPUs (Metal)": "für GPUs von Apple (Metal)",
    "Size: about 1.6 GB on the disk.": "Größe: etwa 1,6 GB auf der Festplatte.",
    "Size: several GB on the disk, with NVIDIA's libraries under its license.":
        "Größe: mehrere GB auf der Festplatte, mit Bibliotheken von NVIDIA unter deren Lizenz.",
    "From: {place}": "Von: {place}",
    "To: {place}": "Nach: {place}",
    "An installation is under way.": "Eine Installation läuft bereits.",
    "Blender may not go online: allow it in the preferences (System, Network), or name a folder of wheels.":
        "Blender darf nicht ins Netz: erlauben Sie es in den Einstellungen (System, Netzwerk), oder nennen Sie einen Ordner mit Wheels.",
    "Jobs Folder": "Auftragsordner",
    "Jobs, previews and finished meshes are kept here, one folder each, for all Blender versions. The environment variable DREAMFUSION_JOBS sets the default":
        "Aufträge, Vorschauen und fertige Netze liegen hier, je ein Ordner, für alle Blender-Versionen. Die Umgebungsvariable DREAMFUSION_JOBS setzt den Vorgabewert",
    "On Quitting Blender": "Beim Beenden von Blender",
    "What becomes of the jobs that still run when Blender is closed or the add-on is disabled":
        "Was aus laufenden Aufträgen wird, wenn Blender geschlossen oder die Erweiterung abgeschaltet wird",
    "Jobs Go On": "Aufträge laufen weiter",
    "The backend finishes them; the next start of Blender finds them again":
        "Das Backend beendet sie; der nächste Start von Blender findet sie wieder",
    "Jobs Stop": "Aufträge halten an",
    "The backend is ended. What it has learned is kept, and the jobs can be resumed":
        "Das Backend wird beendet. Das Gelernte bleibt, und die Aufträge können fortgesetzt werden",
    "Relight": "Neu beleuchten",
    "Place": "Platzieren",
    "Three-Point": "Dreipunkt",
    "Sun": "Sonne",
    "Rim": "Streiflicht",
    "Paper": "Artikel",
    "Sky": "Himmel",
    "Key, fill and rim light: soft, and every side readable":
        "Führungs-, Füll- und Streiflicht: weich, und jede Seite lesbar",
    "Hard afternoon sun under a blue sky": "Harte Nachmittagssonne unter blauem Himmel",
    "Two strips of light from behind and a breath of fill: the outline glows":
        "Zwei Lichter von hinten und ein Hauch von vorn: der Umriss leuchtet",
    "One point light near the viewer and a little of everywhere: how the object was shaded while it was made":
        "Ein Punktlicht beim Betrachter und ein wenig von überall: so wurde das Objekt beleuchtet, als es entstand",
    "A clear physical sky with its sun: outdoors": "Ein klarer Himmel mit seiner Sonne: im Freien",
    "Light Rig": "Lichtaufbau",
    "Light the selected objects, in place of the last rig. An empty in their middle moves and turns all lights":
        "Beleuchtet die gewählten Objekte anstelle des letzten Aufbaus. Ein Leerobjekt in ihrer Mitte bewegt und dreht alle Lichter",
    "Remove Rig": "Lichtaufbau entfernen",
    "Take the rig's lights and its world away; lights of your own stay":
        "Nimmt die Lichter und die Welt des Aufbaus weg; eigene Lichter bleiben",
    "Turn": "Drehung",
    "Strength": "Stärke",
    "Turntable": "Drehteller",
    "A camera that goes once around the selected objects in a loop; it becomes the scene's camera":
        "Eine Kamera, die in einer Schleife um die gewählten Objekte fährt; sie wird die Kamera der Szene",
    "In Photo...": "In Foto ...",
    "Place in Photo": "In Foto platzieren",
    "Put the selected objects into a photograph: with its camera, their shadow on its ground, and the picture behind":
        "Setzt die gewählten Objekte in ein Foto: mit dessen Kamera, ihrem Schatten auf dessen Boden und dem Bild dahinter",
    "Photograph": "Foto",
    "Foot": "Fußpunkt",
    "Horizon": "Horizont",
    "Under Cursor": "Unter dem Cursor",
    "Place in Scene": "In Szene platzieren",
    "Stand the active object on the surface under the 3D cursor, in a real size":
        "Stellt das aktive Objekt auf die Fläche unter dem 3D-Cursor, in wirklicher Größe",
    "Align to Surface": "An Fläche ausrichten",
    "Arrange": "Anordnen",
    "Lay the selected objects out around the 3D cursor, on its ground, so that none is in another":
        "Legt die gewählten Objekte um den 3D-Cursor auf dessen Boden aus, sodass keines in einem anderen steckt",
    "Row": "Reihe",
    "Grid": "Raster",
    "Scatter": "Streuen",
    "Gap": "Abstand",
    "Random Turn": "Zufällige Drehung",
    "Scene from a List": "Szene aus einer Liste",
    "Generate Scene": "Szene erzeugen",
    "Make an object of every prompt of the list, one after the other. They stand together around the 3D cursor":
        "Macht aus jedem Text der Liste ein Objekt, eins nach dem anderen. Sie stehen zusammen um den 3D-Cursor",
    "List": "Liste",
    "A text with one prompt on each line; lines that begin with # are left out":
        "Ein Text mit einem Objekt je Zeile; Zeilen, die mit # beginnen, zählen nicht",
    "Pattern": "Muster",
    "How the objects of the list stand around the 3D cursor": "Wie die Objekte der Liste um den 3D-Cursor stehen",
    "Side by side, in the order of the list": "Nebeneinander, in der Reihenfolge der Liste",
    "In rows and columns, in the order of the list": "In Zeilen und Spalten, in der Reihenfolge der Liste",
    "As if put down by hand, the largest in the middle": "Wie von Hand hingestellt, das größte in der Mitte",
    "Least distance between two objects of the list": "Kleinster Abstand zwischen zwei Objekten der Liste",
    "{number} of {count}": "{number} von {count}",
    "{count} of {all} objects did not come: {prompts}.": "{count} von {all} Objekten sind nicht gekommen: {prompts}.",
    "Select objects first.": "Wählen Sie zuerst Objekte aus.",
    "The photograph {path} cannot be read: choose a picture file.":
        "Das Foto {path} ist nicht lesbar: Wählen Sie eine Bilddatei.",
    "The render engine is Cycles now, which catches shadows.":
        "Gerendert wird jetzt mit Cycles, das Schatten auffängt.",
    "The camera is {height} above the ground.": "Die Kamera ist {height} über dem Boden.",
    "The object's foot is not below the horizon: lower the foot, or raise the horizon.":
        "Der Fußpunkt liegt nicht unter dem Horizont: Senken Sie ihn, oder heben Sie den Horizont.",
    "The object cannot be that large there: choose a smaller share of the picture.":
        "So groß kann das Objekt dort nicht sein: Wählen Sie einen kleineren Anteil des Bildes.",
    "Download": "Herunterladen",
    "Downloaded": "Heruntergeladen",
    "Continue ({percent} %)": "Weiter ({percent} %)",
    "Download Model": "Modell herunterladen",
    "Cancel Download": "Herunterladen abbrechen",
    "Does It Fit?": "Passt es in den Speicher?",
    "Remove Model": "Modell entfernen",
    "Download this model, or go on with its download. Shows what, under which license, from where and to where, and asks":
        "Lädt dieses Modell herunter oder geht damit weiter. Zeigt was, unter welcher Lizenz, woher und wohin, und fragt",
    "End the download. What has arrived is kept: downloading again goes on from there":
        "Beendet das Herunterladen. Was da ist, bleibt: erneutes Herunterladen geht von dort weiter",
    "Delete this model from the disk. Objects that were made with it stay":
        "Löscht dieses Modell von der Platte. Objekte, die damit entstanden, bleiben",
    "{title}, under this license: {license}.": "{title}, unter dieser Lizenz: {license}.",
    "Its owner asks you to accept the license on {page} and to log in with 'hf auth login' in a terminal.":
        "Der Eigentümer bittet, die Lizenz auf {page} anzunehmen und sich im Terminal mit „hf auth login“ anzumelden.",
    "Size: about {size} GB; {free} GB are free.": "Größe: etwa {size} GB; {free} GB sind frei.",
    "{size} GB": "{size} GB",
    "or, should it be gone: {place}": "oder, falls es dort fehlt: {place}",
    "A model is being downloaded: wait for it, or cancel it.":
        "Ein Modell wird gerade heruntergeladen: warten Sie, oder brechen Sie ab.",
    "Blender may not go online: allow it in the preferences (System, Network).":
        "Blender darf nicht ins Netz: erlauben Sie es in den Einstellungen (System, Netzwerk).",
    "Model": "Modell",
    "What looks at the object and says how it should change: 'builtin', the name of a downloaded model, or the folder of one. It brings the preset that goes with it":
        "Was das Objekt betrachtet und sagt, wie es sich ändern soll: „builtin“, der Name eines heruntergeladenen Modells oder der Ordner eines Modells. Es bringt die passende Vorgabe mit",
    "Models": "Modelle",
    "Show the models that can be downloaded, with their licenses and sizes":
        "Zeigt die Modelle zum Herunterladen, mit Lizenzen und Größen",
    "Models Folder": "Modellordner",
    "Downloaded models are kept here, for all Blender versions. The environment variable DREAMFUSION_MODELS sets the default":
        "Heruntergeladene Modelle liegen hier, für alle Blender-Versionen. Die Umgebungsvariable DREAMFUSION_MODELS setzt den Vorgabewert",
    "Model Mirror": "Spiegelserver für Modelle",
    "The address of a server that speaks like the Hugging Face Hub, to download models from there; usually empty":
        "Die Adresse eines Servers, der wie der Hugging Face Hub antwortet, um Modelle von dort zu laden; sonst leer",
    "Fast": "Schnell",
    "A small object in about a minute, also without a graphics card":
        "Ein kleines Objekt in etwa einer Minute, auch ohne Grafikkarte",
    "DreamFusion as published: 15,000 steps, hours on a graphics card":
        "DreamFusion wie veröffentlicht: 15.000 Schritte, Stunden auf einer Grafikkarte",
    "Quality": "Qualität",
    "For large models: 10,000 steps at up to 256 pixels, hours on a graphics card":
        "Für große Modelle: 10.000 Schritte mit bis zu 256 Pixeln, Stunden auf einer Grafikkarte",
    "With the values published for this family of models: thousands of steps, hours on a graphics card":
        "Mit den Werten, die für diese Modellfamilie veröffentlicht sind: Tausende Schritte, Stunden auf einer Grafikkarte",
    "Stable Diffusion": "Stable Diffusion",
    "Stable Diffusion XL": "Stable Diffusion XL",
    "DeepFloyd IF": "DeepFloyd IF",
    "Stable Diffusion 3": "Stable Diffusion 3",
    "FLUX": "FLUX",
    "Sana": "Sana",
    "PixArt": "PixArt",
    "Its copy on {host} stays there.": "Seine Kopie auf {host} bleibt dort.",
    "Run On": "Ausführen auf",
    "Where new jobs run. Those that run already stay where they are":
        "Wo neue Aufträge laufen. Was schon läuft, bleibt, wo es ist",
    "This Computer": "Dieser Rechner",
    "The backend of this computer makes the objects": "Das Backend dieses Rechners macht die Objekte",
    "Remote Host": "Entfernter Rechner",
    "A computer that you reach with ssh makes them, and they arrive here":
        "Ein Rechner, den Sie mit ssh erreichen, macht sie, und sie kommen hier an",
    "As you name it after ssh: me@gpu-box, or an alias of your ssh configuration. The login must work without a password":
        "Wie Sie ihn nach ssh nennen: ich@gpu-box, oder ein Alias Ihrer ssh-Konfiguration. Die Anmeldung muss ohne Passwort gehen",
    "Folder There": "Ordner dort",
    "The folder on that host that holds the backend: a checkout of this project, or the installed extension":
        "Der Ordner auf jenem Rechner, der das Backend enthält: ein Checkout dieses Projekts oder die installierte Erweiterung",
    "Python There": "Python dort",
    "The python program on that host that has the backend's requirements. Empty means the one that build.py has made in the folder there":
        "Das python-Programm auf jenem Rechner, das die Pakete des Backends hat. Leer: das, das build.py dort im Ordner gemacht hat",
    "Jobs There": "Aufträge dort",
    "The folder for jobs on that host. Empty means the one that its own jobs go to":
        "Der Ordner für Aufträge auf jenem Rechner. Leer: der, in den seine eigenen gehen",
    "No connection to {host}: trying again": "Keine Verbindung zu {host}: neuer Versuch",
    "on {host}": "auf {host}",
    "Job": "Auftrag",
    "The job's id; empty means the scene's current job":
        "Die Kennung des Auftrags; leer: der aktuelle Auftrag der Szene",
    "Wait": "Warten",
    "Return when what was asked for is in the scene. Blender does not react until then: for scripts only":
        "Kehrt erst zurück, wenn das Verlangte in der Szene ist. Blender reagiert bis dahin nicht: nur für Skripte",
    "Prompts": "Texte",
    "One on each line": "Einer auf jeder Zeile",
    "Its name in the list, or owner/name on the Hub": "Sein Name in der Liste, oder Besitzer/Name auf dem Hub",
    "Step": "Schritt",
    "How many pages to go on, or back": "Wie viele Seiten weiter, oder zurück",
    "Rig": "Aufbau",
    "Which lights, and from where": "Welche Lichter, und von wo",
    "Where the rig's viewer stands around the objects; from the panel, where the scene's camera is":
        "Wo der Betrachter um die Objekte herum steht; aus dem Panel: wo die Kamera der Szene ist",
    "Of all its light": "All seines Lichts",
    "Frames": "Bilder",
    "For one turn": "Für eine Umdrehung",
    "Elevation": "Höhenwinkel",
    "How high the camera looks from, over the horizon": "Von wie hoch über dem Horizont die Kamera blickt",
    "Turns": "Dreht sich",
    "What goes around": "Was sich dreht",
    "Camera": "Kamera",
    "The camera goes around; light and shadow stay as they are on the objects":
        "Die Kamera geht herum; Licht und Schatten bleiben auf den Objekten, wie sie sind",
    "Objects": "Objekte",
    "The objects turn before a camera at rest; the light wanders over them":
        "Die Objekte drehen sich vor einer ruhenden Kamera; das Licht wandert über sie",
    "Size": "Größe",
    "Real size; 0 leaves the object as large as it is": "Wirkliche Größe; 0 lässt das Objekt, wie es ist",
    "Of": "Von",
    "Which length of the object the size is": "Welche Länge des Objekts die Größe ist",
    "Height": "Höhe",
    "The size is how tall the object is": "Die Größe ist, wie hoch das Objekt ist",
    "Width": "Breite",
    "The size is how wide it is from left to right": "Die Größe ist, wie breit es von links nach rechts ist",
    "Longest Side": "Längste Seite",
    "The size is its longest side": "Die Größe ist seine längste Seite",
    "Lean with the surface instead of standing upright": "Lehnt sich mit der Fläche, statt aufrecht zu stehen",
    "How they stand": "Wie sie stehen",
    "Side by side, in the order of their names": "Nebeneinander, nach ihren Namen geordnet",
    "In rows and columns, in the order of their names": "In Zeilen und Spalten, nach ihren Namen geordnet",
    "Least distance between them": "Kleinster Abstand zwischen ihnen",
    "Another one scatters them anew": "Ein anderer verstreut sie neu",
    "How far scattered objects are turned at most": "Wie weit verstreute Objekte höchstens gedreht werden",
    "The picture to put them into": "Das Bild, in das sie kommen",
    "Where in the photograph the objects stand: 0 is left and bottom, 1 is right and top":
        "Wo im Foto die Objekte stehen: 0 ist links und unten, 1 ist rechts und oben",
    "Share of the photograph's height that they take": "Anteil an der Höhe des Fotos, den sie einnehmen",
    "How high in the photograph the horizon is, or would be; 1 is the top":
        "Wie hoch im Foto der Horizont ist oder wäre; 1 ist oben",
    "Focal Length": "Brennweite",
    "Of the photographer's lens in millimeters for full frame; telephones have about 26":
        "Des Objektivs in Millimetern für Vollformat; Telefone haben etwa 26",
    "Light": "Licht",
    "A sun, and the photograph's mean color from everywhere, when the scene has no lights of its own":
        "Eine Sonne, und die mittlere Farbe des Fotos von überall, wenn die Szene keine eigenen Lichter hat",
    "PyTorch Build": "PyTorch-Build",
    "Which build of PyTorch Install Backend brings. After a change, install again":
        "Welchen Build von PyTorch „Backend installieren“ bringt. Nach einer Änderung erneut installieren",
    "Automatic": "Automatisch",
    "The one that fits: for the card that this computer has, or for processors":
        "Der passende: für die Karte dieses Rechners, oder für Prozessoren",
    "CPU Only": "Nur Prozessor",
    "The small one for processors, which works everywhere": "Der kleine für Prozessoren, der überall läuft",
    "NVIDIA (CUDA)": "NVIDIA (CUDA)",
    "For NVIDIA's cards since GeForce GTX 16 and RTX 20, with a driver of version 580 or newer":
        "Für Karten von NVIDIA ab GeForce GTX 16 und RTX 20, mit einem Treiber ab Version 580",
    "AMD (ROCm)": "AMD (ROCm)",
    "For AMD's cards that ROCm 7.2 knows (Radeon RX 6800 to 9000, Instinct), with AMD's driver. It is large":
        "Für Karten von AMD, die ROCm 7.2 kennt (Radeon RX 6800 bis 9000, Instinct), mit dem Treiber von AMD. Er ist groß",
    "for AMD's cards (ROCm)": "für Karten von AMD (ROCm)",
    "Installed: PyTorch {version} {build}": "Installiert: PyTorch {version} {build}",
    "Size: about 7 GB to download and up to 20 GB on the disk, with AMD's libraries under its licenses.":
        "Größe: etwa 7 GB zum Herunterladen und bis zu 20 GB auf der Festplatte, mit Bibliotheken von AMD unter deren Lizenzen.",
    "PyTorch's own files are not checked against hashes, as this add-on knows none for this build: only where they come from vouches for them.":
        "Die Dateien von PyTorch selbst werden nicht mit Prüfsummen verglichen, da dieses Add-on für diesen Build keine kennt: nur ihre Herkunft bürgt für sie.",
    "Or choose CPU Only in the preferences, under PyTorch Build.":
        "Oder in den Einstellungen unter „PyTorch-Build“ „Nur Prozessor“ wählen.",
}
# fmt: on
