"""German."""

# fmt: off
# One row per text, sorted by key.
TEXTS: dict[str, str] = {
    "Check Model": "Modell prüfen",
    "Check that the selected model is read correctly: draw a picture, do five steps, and report memory and time":
        "Prüft, ob das gewählte Modell richtig gelesen wird: zeichnet ein Bild, macht fünf Schritte und nennt Speicher und Zeit",
    "Check the model on the remote host, with 'models check' on the command line.":
        "Prüfen Sie das Modell auf dem entfernten Rechner, mit „models check“ auf der Befehlszeile.",
    "Choose a large model first.": "Wählen Sie zuerst ein großes Modell.",
    "Stop Check": "Prüfung beenden",
    "Stop the check of the model": "Beendet die Prüfung des Modells",
    "Show Pictures": "Bilder zeigen",
    "Add a LoRA file, which changes the style or the subjects of a large model":
        "Fügt eine LoRA-Datei hinzu, die den Stil oder die Motive eines großen Modells ändert",
    "Add LoRA": "LoRA hinzufügen",
    "Choose a .safetensors file.": "Wählen Sie eine .safetensors-Datei.",
    "File": "Datei",
    "Files that change the style or the subjects of a large model":
        "Dateien, die den Stil oder die Motive eines großen Modells ändern",
    "LoRA": "LoRA",
    "LoRA as a .safetensors file": "LoRA als .safetensors-Datei",
    "Remove LoRA": "LoRA entfernen",
    "Remove this LoRA from the list. The file is kept": "Entfernt diese LoRA aus der Liste. Die Datei bleibt erhalten",
    "Row of the list": "Zeile der Liste",
    "Strength of the LoRA. 0 switches it off, 1 is its full effect":
        "Stärke der LoRA. 0 schaltet sie aus, 1 ist ihre volle Wirkung",
    "Weight": "Gewicht",
    "(see the log)": "(siehe Protokoll)",
    "A red mushroom": "A red mushroom (auf Englisch)",
    "A small build that runs on every computer": "Ein kleiner Build, der auf jedem Rechner läuft",
    "A small object in half a minute, even without a GPU": "Ein kleines Objekt in einer halben Minute, auch ohne GPU",
    "Detailed": "Detailliert",
    "Smoother surfaces and truer colors in about two minutes, even without a GPU":
        "Glattere Oberflächen und genauere Farben in etwa zwei Minuten, auch ohne GPU",
    "about {time} left": "noch etwa {time}",
    "Add a camera that circles the selected objects in a seamless loop, and make it the scene camera":
        "Fügt eine Kamera hinzu, die die ausgewählten Objekte in einer nahtlosen Schleife umkreist, und macht sie zur Szenenkamera",
    "Add a sun and ambient light in the photo's mean color if the scene has no lights":
        "Fügt eine Sonne und Umgebungslicht in der mittleren Farbe des Fotos hinzu, wenn die Szene keine Lichter hat",
    "Advanced": "Erweitert",
    "Align to Surface": "An Fläche ausrichten",
    "AMD (ROCm)": "AMD (ROCm)",
    "An installation is already running.": "Es läuft bereits eine Installation.",
    "1. Install the backend": "1. Backend installieren",
    "2. Choose a model": "2. Modell wählen",
    "3. Describe an object": "3. Objekt beschreiben",
    "The built-in model is ready. Open the preferences for others.":
        "Das eingebaute Modell ist bereit. Weitere finden Sie in den Einstellungen.",
    "PyTorch is installed in its own folder. You can keep working.":
        "PyTorch wird in einem eigenen Ordner installiert. Sie können weiterarbeiten.",
    "{time} so far": "bisher {time}",
    "The backend is ready.": "Das Backend ist bereit.",
    "Update Backend": "Backend aktualisieren",
    "Repair Backend": "Backend reparieren",
    "Allow Online Access": "Online-Zugriff erlauben",
    "Allow Blender to use the network. Changes Blender's preference System > Network":
        "Erlaubt Blender, das Netz zu nutzen. Ändert Blenders Einstellung System > Netzwerk",
    "Online access is disabled. Click Allow Online Access to change this preference of Blender.":
        "Der Online-Zugriff ist deaktiviert. „Online-Zugriff erlauben“ ändert diese Einstellung von Blender.",
    "Blender was started with --offline-mode. Restart it without this option to go online.":
        "Blender wurde mit --offline-mode gestartet. Starten Sie es ohne diese Option neu, um online zu gehen.",
    "To install without a network, set Offline Packages.":
        "Für eine Installation ohne Netz geben Sie „Pakete ohne Netz“ an.",
    "To run jobs on this computer, set Run On to This Computer.":
        "Für Aufträge auf diesem Rechner stellen Sie „Ausführen auf“ auf „Dieser Rechner“.",
    "Python for the Installation": "Python für die Installation",
    "Python executable that Install Backend uses to create the environment. Leave empty to use Blender's own, or another one on this computer. Supported versions: 3.11 and 3.13":
        "Python-Programm, mit dem „Backend installieren“ die Umgebung erstellt. Leer lassen, um das von Blender oder ein anderes auf diesem Rechner zu verwenden. Unterstützte Versionen: 3.11 und 3.13",
    "Python: {place}": "Python: {place}",
    "Python {version} is downloaded first, because none that the backend supports was found.":
        "Zuerst wird Python {version} heruntergeladen, weil keines gefunden wurde, das das Backend unterstützt.",
    "Angle of the camera above the horizon": "Winkel der Kamera über dem Horizont",
    "Another download is running. Wait until it is finished, or cancel it.":
        "Ein anderer Download läuft. Warten Sie, bis er fertig ist, oder brechen Sie ihn ab.",
    "Another Seed": "Anderer Startwert",
    "Arrange": "Anordnen",
    "Arrange the selected objects around the 3D cursor, on the surface below it and without overlaps":
        "Ordnet die ausgewählten Objekte um den 3D-Cursor an, auf der Fläche darunter und ohne Überschneidungen",
    "Automatic": "Automatisch",
    "Backend Python": "Python des Backends",
    "Baking the texture": "Textur wird gebacken",
    "Browse the history": "Blättert im Verlauf",
    "Build of PyTorch that Install Backend installs. Install again after a change":
        "PyTorch-Build, den „Backend installieren“ installiert. Nach einer Änderung erneut installieren",
    "Camera": "Kamera",
    "Cancel": "Abbrechen",
    "Cancel Download": "Herunterladen abbrechen",
    "Cancel Installation": "Installation abbrechen",
    "Cancel Job": "Auftrag abbrechen",
    "Cancel the download. Downloaded files are kept":
        "Bricht den Download ab. Heruntergeladene Dateien bleiben erhalten",
    "Cancel the installation. Downloaded files are kept":
        "Bricht die Installation ab. Heruntergeladene Dateien bleiben erhalten",
    "Cancel the job. Progress is saved": "Bricht den Auftrag ab. Der Fortschritt bleibt gespeichert",
    "Canceled": "Abgebrochen",
    "Canceling": "Wird abgebrochen",
    "Cannot read the photo {path}. Choose an image file.":
        "Das Foto {path} kann nicht gelesen werden. Wählen Sie eine Bilddatei.",
    "Change for a different layout": "Ändern, um eine andere Anordnung zu erhalten",
    "Check Backend": "Backend prüfen",
    "Check Memory": "Speicher prüfen",
    "Check whether jobs can run and whether the selected model fits in memory":
        "Prüft, ob Aufträge laufen können und ob das gewählte Modell in den Speicher passt",
    "Choose a new random seed": "Wählt einen neuen zufälligen Startwert",
    "Continue": "Weiter",
    "Continue ({percent} %)": "Weiter ({percent} %)",
    "Continue Job": "Auftrag weiterführen",
    "Continue Jobs": "Aufträge weiterführen",
    "Continue the paused job": "Führt den angehaltenen Auftrag weiter",
    "Copy": "Kopieren",
    "Copy the log to the clipboard": "Kopiert das Protokoll in die Zwischenablage",
    "Copy the prompt and settings of the job to the panel for editing":
        "Kopiert Text und Einstellungen des Auftrags zum Bearbeiten in das Panel",
    "CPU Only": "Nur Prozessor",
    "DeepFloyd IF": "DeepFloyd IF",
    "Delete": "Löschen",
    "Delete Job": "Auftrag löschen",
    "Delete the installed backend. Jobs and objects are kept":
        "Löscht das installierte Backend. Aufträge und Objekte bleiben erhalten",
    "Delete the job and its files. They can be restored for 7 days":
        "Löscht den Auftrag und seine Dateien. Sie können 7 Tage lang wiederhergestellt werden",
    "Delete this model from disk. Objects generated with it are kept":
        "Löscht dieses Modell vom Datenträger. Damit erzeugte Objekte bleiben erhalten",
    "Deleted \"{prompt}\".": "„{prompt}“ wurde gelöscht.",
    "Description of one object, such as 'a red mushroom'":
        "Beschreibung eines Objekts auf Englisch, zum Beispiel „a red mushroom“",
    "Diffusion model that guides the object: 'builtin', the name of a downloaded model or the folder of a model. Choosing a model also selects a suitable preset":
        "Diffusionsmodell, das das Objekt formt: „builtin“, der Name eines heruntergeladenen Modells oder der Ordner eines Modells. Die Wahl stellt auch eine passende Vorgabe ein",
    "Dimension": "Abmessung",
    "Dimension of the object that the size refers to": "Abmessung des Objekts, auf die sich die Größe bezieht",
    "Direction of the viewer around the objects. The panel uses the direction of the scene camera":
        "Richtung des Betrachters um die Objekte. Das Panel verwendet die Richtung der Szenenkamera",
    "Done": "Fertig",
    "Done. Import failed": "Fertig. Import fehlgeschlagen",
    "Done. Imported": "Fertig. Importiert",
    "Done. Importing": "Fertig. Wird importiert",
    "Done. Ready to import": "Fertig. Bereit zum Importieren",
    "Done. Imported after the current operation":
        "Fertig. Wird nach dem laufenden Vorgang importiert",
    "Near":
        "Nahe",
    "The object or its group stands on the surface below this point, or next to what is there":
        "Das Objekt oder seine Gruppe steht auf der Fläche unter diesem Punkt oder neben dem, was dort ist",
    "{count} of {all} prompts name no object that the model can make: {prompts}.":
        "{count} von {all} Texten nennen kein Objekt, das das Modell erzeugen kann: {prompts}.",
    "Done. Switch to Object Mode to import": "Fertig. Zum Importieren in den Objektmodus wechseln",
    "Download": "Herunterladen",
    "Download Model": "Modell herunterladen",
    "Download this model or continue its download. Shows license, source and destination for confirmation":
        "Lädt dieses Modell herunter oder setzt den Download fort. Zeigt Lizenz, Quelle und Ziel zur Bestätigung",
    "Downloaded": "Heruntergeladen",
    "DreamFusion as published: 15,000 steps, hours on a GPU":
        "DreamFusion wie veröffentlicht: 15.000 Schritte, Stunden auf einer GPU",
    "DreamFusion hit an error ({error}) and stopped updating. Running jobs are not affected.":
        "In DreamFusion ist ein Fehler aufgetreten ({error}), die Anzeige wird nicht mehr aktualisiert. Laufende Aufträge sind nicht betroffen.",
    "DreamFusion Log": "DreamFusion-Protokoll",
    "Edit Prompt": "Text bearbeiten",
    "Elevation": "Höhenwinkel",
    "Exporting the object": "Objekt wird exportiert",
    "Extracting the mesh": "Netz wird extrahiert",
    "Failed": "Fehlgeschlagen",
    "Failed. See the log.": "Fehlgeschlagen. Siehe Protokoll.",
    "Fallback: {place}": "Ersatzquelle: {place}",
    "Fast": "Schnell",
    "Filter jobs by prompt, status, date or seed": "Filtert Aufträge nach Text, Status, Datum oder Startwert",
    "FLUX": "FLUX",
    "Focal Length": "Brennweite",
    "Focal length, 35 mm equivalent (phones: about 26 mm)":
        "Brennweite, äquivalent zu Kleinbild (Smartphones: etwa 26 mm)",
    "Folder for downloaded models, shared by all Blender versions. The environment variable DREAMFUSION_MODELS sets the default":
        "Ordner für heruntergeladene Modelle, gemeinsam für alle Blender-Versionen. Die Umgebungsvariable DREAMFUSION_MODELS legt den Standardwert fest",
    "Folder for jobs, previews and finished meshes, shared by all Blender versions. The environment variable DREAMFUSION_JOBS sets the default":
        "Ordner für Aufträge, Vorschauen und fertige Netze, gemeinsam für alle Blender-Versionen. Die Umgebungsvariable DREAMFUSION_JOBS legt den Standardwert fest",
    "Folder of wheels to install the backend without a network connection. Usually empty":
        "Ordner mit Wheels, um das Backend ohne Netzwerkverbindung zu installieren. Normalerweise leer",
    "Folder on the remote host that contains the backend: a checkout of this project or the installed extension":
        "Ordner auf dem entfernten Rechner, der das Backend enthält: ein Checkout dieses Projekts oder die installierte Erweiterung",
    "For a smaller installation, set PyTorch Build to CPU Only in the preferences.":
        "Für eine kleinere Installation wählen Sie in den Einstellungen unter „PyTorch-Build“ „Nur Prozessor“.",
    "for AMD GPUs (ROCm)": "für AMD-GPUs (ROCm)",
    "For AMD GPUs supported by ROCm 7.2 (Radeon RX 6800 to 9000, Instinct). Requires the AMD driver. Large download":
        "Für AMD-GPUs, die ROCm 7.2 unterstützt (Radeon RX 6800 bis 9000, Instinct). Benötigt den AMD-Treiber. Großer Download",
    "for Apple GPUs (Metal)": "für Apple-GPUs (Metal)",
    "for CPU": "für CPU",
    "For large models: 10,000 steps at up to 256 pixels, hours on a GPU":
        "Für große Modelle: 10.000 Schritte mit bis zu 256 Pixeln, Stunden auf einer GPU",
    "for NVIDIA GPUs (CUDA)": "für NVIDIA-GPUs (CUDA)",
    "For NVIDIA GPUs from GeForce GTX 16 and RTX 20 onwards. Requires driver version 580 or newer":
        "Für NVIDIA-GPUs ab GeForce GTX 16 und RTX 20. Benötigt Treiberversion 580 oder neuer",
    "Frames": "Bilder",
    "From: {place}": "Von: {place}",
    "Gap": "Abstand",
    "Generate": "Erzeugen",
    "Generate again with the same settings and a new seed":
        "Erzeugt das Objekt erneut mit denselben Einstellungen und einem neuen Startwert",
    "Generate an object from the prompt and import it at the 3D cursor, or in place of the objects that it starts from":
        "Erzeugt ein Objekt aus dem Text und importiert es am 3D-Cursor oder an der Stelle der Objekte, von denen es ausgeht",
    "Generate one object per prompt of the list and arrange them around the 3D cursor":
        "Erzeugt ein Objekt je Text der Liste und ordnet sie um den 3D-Cursor an",
    "Generate Scene": "Szene erzeugen",
    "Grid": "Raster",
    "Ground Point": "Bodenpunkt",
    "Hard afternoon sun with a blue sky": "Harte Nachmittagssonne mit blauem Himmel",
    "Height": "Höhe",
    "Height of the camera above the ground: {height}.": "Höhe der Kamera über dem Boden: {height}.",
    "Height of the horizon in the photo, from 0 at the bottom to 1 at the top":
        "Höhe des Horizonts im Foto, von 0 unten bis 1 oben",
    "Height of the objects as a fraction of the photo's height": "Höhe der Objekte als Anteil der Höhe des Fotos",
    "History": "Verlauf",
    "History Page": "Seite des Verlaufs",
    "Horizon": "Horizont",
    "ID of the job. Leave empty for the current job of the scene":
        "ID des Auftrags. Leer lassen für den aktuellen Auftrag der Szene",
    "Image file of the photo": "Bilddatei des Fotos",
    "Import": "Importieren",
    "Import Again": "Erneut importieren",
    "Add Generated Object": "Generiertes Objekt hinzufügen",
    "Import the finished object into the scene that it was generated for": (
        "Importiert das fertige Objekt in die Szene, für die es generiert wurde"
    ),
    "Select": "Auswählen",
    "Select only the object and make it active": "Wählt nur das Objekt aus und macht es aktiv",
    "Import All": "Alle importieren",
    "Import the objects that were finished while this file was closed": (
        "Importiert die Objekte, die fertig wurden, während diese Datei geschlossen war"
    ),
    "Dismiss": "Verwerfen",
    "Hide this message until Blender is started again. The history keeps the objects": (
        "Blendet diese Meldung aus, bis Blender neu gestartet wird. Die Objekte bleiben im Verlauf"
    ),
    "{count} objects were finished while this file was closed.": (
        "{count} Objekte wurden fertig, während diese Datei geschlossen war."
    ),
    "An object was finished while this file was closed.": (
        "Ein Objekt wurde fertig, während diese Datei geschlossen war."
    ),
    'The folder of "{name}" was deleted. Generate the object again.': 'Der Ordner von „{name}“ wurde gelöscht. Erzeugen Sie das Objekt erneut.',
    "The job is no longer in the jobs folder.": "Der Auftrag ist nicht mehr im Auftragsordner.",
    "Objects can be imported only in Object Mode. Switch to Object Mode first.": (
        "Objekte können nur im Objektmodus importiert werden. Wechseln Sie zuerst in den Objektmodus."
    ),
    "The mesh {mesh} is missing. Generate the object again.": (
        "Das Mesh {mesh} fehlt. Generieren Sie das Objekt erneut."
    ),
    "Cannot read the mesh {mesh} ({reason}). Generate the object again.": (
        "Das Mesh {mesh} kann nicht gelesen werden ({reason}). Generieren Sie das Objekt erneut."
    ),
    "The file {mesh} contains no mesh. Generate the object again.": (
        "Die Datei {mesh} enthält kein Mesh. Generieren Sie das Objekt erneut."
    ),
    'The scene "{scene}" is linked from another file and cannot take objects. Open another scene.': (
        "Die Szene „{scene}“ ist aus einer anderen Datei verknüpft und kann keine Objekte aufnehmen. Öffnen Sie eine andere Szene."
    ),
    "The job has no mesh. Resume it, or generate the object again.": (
        "Der Auftrag hat kein Mesh. Setzen Sie ihn fort oder generieren Sie das Objekt erneut."
    ),
    "Blender refused the import. Click Import Again.": (
        "Blender hat den Import abgelehnt. Klicken Sie auf „Erneut importieren“."
    ),
    "The object cannot be imported ({reason}). Click Import Again.": (
        "Das Objekt kann nicht importiert werden ({reason}). Klicken Sie auf „Erneut importieren“."
    ),
    "Select New Objects": "Neue Objekte auswählen",
    "Select an object when it arrives and make it active. Otherwise the selection does not change": (
        "Wählt ein Objekt aus, wenn es ankommt, und macht es aktiv. Sonst ändert sich die Auswahl nicht"
    ),
    "Import Result": "Ergebnis importieren",
    "Import the finished object at the 3D cursor": "Importiert das fertige Objekt am 3D-Cursor",
    "In Photo...": "In Foto ...",
    "In rows and columns, in list order": "In Zeilen und Spalten, in der Reihenfolge der Liste",
    "In rows and columns, sorted by name": "In Zeilen und Spalten, nach Namen sortiert",
    "Install": "Installieren",
    "Install Backend": "Backend installieren",
    "Install PyTorch and other packages outside of Blender. Shows contents, sources and destination for confirmation":
        "Installiert PyTorch und weitere Pakete außerhalb von Blender. Zeigt Inhalt, Quellen und Ziel zur Bestätigung",
    "Installed: PyTorch {version} {build}": "Installiert: PyTorch {version} {build}",
    "Job": "Auftrag",
    "Jobs Folder": "Auftragsordner",
    "Jobs folder on the remote host. Leave empty to use its default jobs folder":
        "Auftragsordner auf dem entfernten Rechner. Leer lassen, um dessen Standardordner zu verwenden",
    "Keep Backend (Minutes)": "Backend behalten (Minuten)",
    "Minutes for which the backend stays in memory after its last job, so that the next object starts at once. It then uses about 0.6 GB. 0: it ends at once":
        "Minuten, die das Backend nach seinem letzten Auftrag im Speicher bleibt, damit das nächste Objekt sofort beginnt. Es belegt dann etwa 0,6 GB. 0: es endet sofort",
    "Layout of the objects": "Anordnung der Objekte",
    "Layout of the objects around the 3D cursor": "Anordnung der Objekte um den 3D-Cursor",
    "Light": "Licht",
    "Light Rig": "Lichtaufbau",
    "Light the selected objects and replace the previous rig. An empty at their center moves and rotates all lights":
        "Beleuchtet die ausgewählten Objekte und ersetzt den vorherigen Lichtaufbau. Ein Leerobjekt in ihrer Mitte bewegt und dreht alle Lichter",
    "Lighting setup": "Beleuchtung",
    "List": "Liste",
    "Loading the model": "Das Modell wird geladen",
    "Longest Side": "Längste Seite",
    "Maximum rotation of scattered objects": "Maximale Drehung der gestreuten Objekte",
    "Minimum distance between objects": "Mindestabstand zwischen den Objekten",
    "Model": "Modell",
    "Model Mirror": "Spiegelserver für Modelle",
    "Models": "Modelle",
    "Models Folder": "Modellordner",
    "Name in the list of models, or owner/name on the Hub": "Name in der Modellliste oder Besitzer/Name auf dem Hub",
    "Negative Prompt": "Negativer Text",
    "New Seed": "Neuer Startwert",
    "No connection to {host}. Retrying": "Keine Verbindung zu {host}. Neuer Versuch",
    "No jobs yet": "Noch keine Aufträge",
    "No matching jobs": "Keine passenden Aufträge",
    "None": "Ohne",
    "Number of frames of one rotation": "Anzahl der Frames einer Umdrehung",
    "Number of objects to generate with consecutive seeds, placed side by side":
        "Anzahl der Objekte, die mit aufeinanderfolgenden Startwerten erzeugt und nebeneinander platziert werden",
    "Number of pages to move. Negative values move back": "Anzahl der Seiten. Negative Werte blättern zurück",
    "NVIDIA (CUDA)": "NVIDIA (CUDA)",
    "Objects": "Objekte",
    "Offline Packages": "Pakete ohne Netz",
    "On Quit": "Beim Beenden",
    "on {host}": "auf {host}",
    "One prompt per line": "Ein Text pro Zeile",
    "Open Folder": "Ordner öffnen",
    "Open Preferences": "Einstellungen öffnen",
    "Open the add-on preferences": "Öffnet die Einstellungen des Add-ons",
    "Open the folder in the file browser of the system": "Öffnet den Ordner im Dateimanager des Systems",
    "Optimizing": "Optimierung",
    "Overall brightness": "Gesamthelligkeit",
    "Override preset values, comma-separated, such as 'mesh.resolution=96'":
        "Werte, die die Vorgabe überschreiben, durch Kommas getrennt, zum Beispiel „mesh.resolution=96“",
    "Overrides": "Abweichungen",
    "Paper": "Artikel",
    "Pattern": "Muster",
    "Pause": "Pause",
    "Pause after the current step": "Hält nach dem aktuellen Schritt an",
    "Pause Job": "Auftrag anhalten",
    "Paused": "Angehalten",
    "Pausing after the current step": "Hält nach dem aktuellen Schritt an",
    "Photo": "Foto",
    "Physical clear sky with sun, for outdoor scenes": "Physikalischer klarer Himmel mit Sonne, für Außenszenen",
    "PixArt": "PixArt",
    "Place": "Platzieren",
    "Place in Photo": "In Foto platzieren",
    "A sun and ambient light in the photo's mean color. Other lights are hidden while it is on":
        "Eine Sonne und Umgebungslicht in der mittleren Farbe des Fotos. Andere Lichter sind währenddessen ausgeblendet",
    "A photo has only one view. Click Remove Photo before you add a turntable.":
        "Ein Foto hat nur eine Ansicht. Klicken Sie auf „Foto entfernen“, bevor Sie einen Drehteller hinzufügen.",
    "As Generated": "Wie generiert",
    "Custom": "Benutzerdefiniert",
    "Fit Selected": "Auswahl einpassen",
    "Keep the size of the generated mesh, about one unit":
        "Behält die Größe des generierten Meshs bei, etwa eine Einheit",
    "Length": "Länge",
    "Longest side of new objects. With Real World, only of those without a known size. 0 keeps the generated size":
        "Längste Seite neuer Objekte. Bei „Wie in echt“ nur für Objekte ohne bekannte Größe. 0 behält die generierte Größe bei",
    "Photo Light": "Fotolicht",
    "Photo behind the objects": "Foto hinter den Objekten",
    "Place the selected objects at the ground point of the photo, with the same settings":
        "Platziert die ausgewählten Objekte am Bodenpunkt des Fotos, mit denselben Einstellungen",
    "Real World": "Wie in echt",
    "Remove Photo": "Foto entfernen",
    "Remove Turntable": "Drehteller entfernen",
    "Remove the photo with its camera, shadow catcher and light, and restore the settings of the scene":
        "Entfernt das Foto mit seiner Kamera, seinem Schattenfänger und seinem Licht und stellt die Einstellungen der Szene wieder her",
    "Remove the turntable, and restore the scene camera and the frame range":
        "Entfernt den Drehteller und stellt die Kamera und den Bildbereich der Szene wieder her",
    "Size of new objects": "Größe neuer Objekte",
    "The same size for all objects": "Dieselbe Größe für alle Objekte",
    "The scene keeps its own lights.": "Die Szene behält ihre eigenen Lichter.",
    "The typical size of the kind of object in the prompt": "Die übliche Größe der Art von Objekt im Prompt",
    "Place in Scene": "In Szene platzieren",
    "Place the active object on the surface below the 3D cursor, optionally at its real size":
        "Platziert das aktive Objekt auf der Fläche unter dem 3D-Cursor, auf Wunsch in realer Größe",
    "Place the selected objects in a photo, with a matching camera, shadows on the ground and the photo as background":
        "Platziert die ausgewählten Objekte in einem Foto, mit passender Kamera, Schatten auf dem Boden und dem Foto als Hintergrund",
    "Point light near the viewer and weak ambient light, like the shading during optimization":
        "Punktlicht nahe dem Betrachter und schwaches Umgebungslicht, wie bei der Optimierung",
    "Preset": "Vorgabe",
    "Prompt": "Text",
    "Prompts": "Texte",
    "See List": "Liste ansehen",
    "No known object": "Kein bekanntes Objekt",
    "{count} lines": "{count} Zeilen",
    "Only \"{object}\" is made": "Nur „{object}“ wird erzeugt",
    "Without effect: {words}": "Ohne Wirkung: {words}",
    "Often poor: \"{object}\"": "Oft schlecht: „{object}“",
    "Use Model": "Modell verwenden",
    "Use this model": "Verwendet dieses Modell",
    "Objects and Colors": "Objekte und Farben",
    "Search the objects and colors that the model can make, and put one in the prompt":
        "Durchsucht die Objekte und Farben, die das Modell erzeugen kann, und setzt sie in den Text ein",
    "Move the lines of the prompt to a list, with one object for each line":
        "Verschiebt die Zeilen des Textes in eine Liste mit einem Objekt je Zeile",
    "Large Models": "Große Modelle",
    "This job ran on {host}, which is not your remote host. To continue, enter it in the preferences.":
        "Dieser Auftrag lief auf {host}, das nicht Ihr entfernter Rechner ist. Tragen Sie ihn zum Fortsetzen in den Einstellungen ein.",
    "This job ran on {host} with other folders or another Python than in your preferences. To continue, enter those there.":
        "Dieser Auftrag lief auf {host} mit anderen Ordnern oder einem anderen Python als in Ihren Einstellungen. Tragen Sie diese zum Fortsetzen dort ein.",
    "it is damaged or refers to other files": "sie ist beschädigt oder verweist auf andere Dateien",
    "Open the list of models in the preferences": "Öffnet die Modellliste in den Einstellungen",
    "Generate Anyway": "Trotzdem erzeugen",
    "Generate this prompt?": "Diesen Text erzeugen?",
    "This preset is for other models.": "Diese Vorgabe ist für andere Modelle.",
    "The model {name} is not downloaded.": "Das Modell {name} ist nicht heruntergeladen.",
    "There is no model \"{name}\".": "Es gibt kein Modell „{name}“.",
    "Use \"{prompt}\"": "„{prompt}“ verwenden",
    "The prompt has {count} lines, but a job makes one object.":
        "Der Text hat {count} Zeilen, aber ein Auftrag erzeugt nur ein Objekt.",
    "The prompt names no object that the model can make.": "Der Text nennt kein Objekt, das das Modell erzeugen kann.",
    "The list has {count} lines. Click Generate Scene.":
        "Die Liste hat {count} Zeilen. Klicken Sie auf „Szene erzeugen“.",
    "Object": "Objekt",
    "Color": "Farbe",
    "airplane": "Flugzeug",
    "apple": "Apfel",
    "ball": "Ball",
    "barrel": "Fass",
    "bear": "Bär",
    "bed": "Bett",
    "boat": "Boot",
    "bottle": "Flasche",
    "bowl": "Schüssel",
    "bucket": "Eimer",
    "burger": "Burger",
    "cactus": "Kaktus",
    "cake": "Kuchen",
    "candle": "Kerze",
    "capsule": "Kapsel",
    "car": "Auto",
    "carrot": "Karotte",
    "castle": "Burg",
    "chair": "Stuhl",
    "chest": "Truhe",
    "cone": "Kegel",
    "crown": "Krone",
    "cube": "Würfel",
    "cylinder": "Zylinder",
    "donut": "Donut",
    "duck": "Ente",
    "fish": "Fisch",
    "hammer": "Hammer",
    "house": "Haus",
    "lamp": "Lampe",
    "lighthouse": "Leuchtturm",
    "mug": "Becher",
    "mushroom": "Pilz",
    "pear": "Birne",
    "penguin": "Pinguin",
    "pumpkin": "Kürbis",
    "pyramid": "Pyramide",
    "rabbit": "Kaninchen",
    "robot": "Roboter",
    "rocket": "Rakete",
    "snowman": "Schneemann",
    "sofa": "Sofa",
    "stool": "Hocker",
    "sword": "Schwert",
    "table": "Tisch",
    "teapot": "Teekanne",
    "tent": "Zelt",
    "torus": "Torus",
    "tree": "Baum",
    "truck": "Lastwagen",
    "vase": "Vase",
    "wedge": "Keil",
    "red": "rot",
    "orange": "orange",
    "yellow": "gelb",
    "lime": "limettengrün",
    "green": "grün",
    "teal": "blaugrün",
    "blue": "blau",
    "navy": "marineblau",
    "purple": "lila",
    "pink": "rosa",
    "brown": "braun",
    "beige": "beige",
    "white": "weiß",
    "gray": "grau",
    "black": "schwarz",
    "gold": "gold",
    "Use Prompt": "Text verwenden",
    "Use this prompt": "Verwendet diesen Text",
    "Published values for this model family: thousands of steps, hours on a GPU":
        "Veröffentlichte Werte für diese Modellfamilie: Tausende Schritte, Stunden auf einer GPU",
    "Python executable of the backend's environment on the remote host. Leave empty to use the one that build.py creates in the remote folder":
        "Python-Programm der Umgebung des Backends auf dem entfernten Rechner. Leer lassen, um das von build.py im entfernten Ordner erstellte zu verwenden",
    "Python executable of the backend's environment. Leave empty to use the one that Install Backend creates. The environment variable DREAMFUSION_PYTHON sets the default":
        "Python-Programm der Umgebung des Backends. Leer lassen, um das von „Backend installieren“ erstellte zu verwenden. Die Umgebungsvariable DREAMFUSION_PYTHON legt den Standardwert fest",
    "PyTorch Build": "PyTorch-Build",
    "PyTorch {version} {build} and {count} smaller packages under free licenses (BSD, Apache, MIT and similar).":
        "PyTorch {version} {build} und {count} kleinere Pakete unter freien Lizenzen (BSD, Apache, MIT und ähnliche).",
    "Quality": "Qualität",
    "Queued": "In der Warteschlange",
    "Cancel All": "Alle abbrechen",
    "Cancel all waiting and running jobs of the queue. Progress is saved":
        "Bricht alle wartenden und laufenden Aufträge der Warteschlange ab. Der Fortschritt bleibt gespeichert",
    "Cancel 1 job?": "1 Auftrag abbrechen?",
    "Cancel {count} jobs?": "{count} Aufträge abbrechen?",
    "Progress is saved, and the jobs can be resumed.":
        "Der Fortschritt bleibt gespeichert, und die Aufträge können fortgesetzt werden.",
    "Resume All": "Alle fortsetzen",
    "Resume all canceled and failed jobs of the queue from their last checkpoints":
        "Setzt alle abgebrochenen und fehlgeschlagenen Aufträge der Warteschlange ab ihrem letzten Zwischenstand fort",
    "Retry Failed": "Fehlgeschlagene wiederholen",
    "Resume all failed jobs of the queue from their last checkpoints":
        "Setzt alle fehlgeschlagenen Aufträge der Warteschlange ab ihrem letzten Zwischenstand fort",
    "Move Job": "Auftrag verschieben",
    "Move the waiting job up or down in the queue. Jobs that have started keep their place":
        "Verschiebt den wartenden Auftrag in der Warteschlange nach oben oder unten. Begonnene Aufträge behalten ihren Platz",
    "Number of places to move. Negative values move up": "Anzahl der Plätze. Negative Werte verschieben nach oben",
    "Only jobs that wait on this computer can be moved.":
        "Nur Aufträge, die auf diesem Rechner warten, können verschoben werden.",
    "Select Object": "Objekt auswählen",
    "Select the objects of the job in this scene": "Wählt die Objekte des Auftrags in dieser Szene aus",
    "Select Objects": "Objekte auswählen",
    "Mark as Asset": "Als Asset markieren",
    "Mark the objects of the job as assets, with the prompt as description and the preview as picture":
        "Markiert die Objekte des Auftrags als Assets, mit dem Text als Beschreibung und der Vorschau als Bild",
    "Mark All as Assets": "Alle als Assets markieren",
    "This scene has no object of this job. Import it first.":
        "Diese Szene hat kein Objekt dieses Auftrags. Importieren Sie es zuerst.",
    "The object is hidden or cannot be selected. Change that in the Outliner.":
        "Das Objekt ist verborgen oder kann nicht ausgewählt werden. Ändern Sie das im Outliner.",
    "Objects can be selected only in Object Mode. Switch to Object Mode first.":
        "Objekte können nur im Objektmodus ausgewählt werden. Wechseln Sie zuerst in den Objektmodus.",
    "1 object is an asset now.": "1 Objekt ist jetzt ein Asset.",
    "{count} objects are assets now.": "{count} Objekte sind jetzt Assets.",
    "Delete \"{prompt}\"?": "„{prompt}“ löschen?",
    "Show the whole prompt": "Zeigt den ganzen Text",
    "Copy the prompt to the clipboard": "Kopiert den Text in die Zwischenablage",
    "Add Prompt": "Text hinzufügen",
    "Add a prompt to the list": "Fügt der Liste einen Text hinzu",
    "Remove Prompt": "Text entfernen",
    "Remove the selected prompt from the list": "Entfernt den ausgewählten Text aus der Liste",
    "Move Prompt": "Text verschieben",
    "Move the selected prompt up or down in the list":
        "Verschiebt den ausgewählten Text in der Liste nach oben oder unten",
    "Paste Prompts": "Texte einfügen",
    "Add each line of the clipboard to the list": "Fügt der Liste jede Zeile der Zwischenablage hinzu",
    "The clipboard has no text.": "Die Zwischenablage enthält keinen Text.",
    "One prompt per line. Shift Enter starts a new line":
        "Ein Text pro Zeile. Umschalt+Enter beginnt eine neue Zeile",
    "{done} of {count} done": "{done} von {count} fertig",
    "{count} failed": "{count} fehlgeschlagen",
    "{count} jobs": "{count} Aufträge",
    "Show or hide the jobs of the list": "Blendet die Aufträge der Liste ein oder aus",
    "Fold List": "Liste einklappen",
    "All lists: {text}": "Alle Listen: {text}",
    "Import finished objects of a list into the scene that they were generated for": "Importiert fertige Objekte einer Liste in die Szene, für die sie erzeugt wurden",
    "Add Generated Objects": "Erzeugte Objekte hinzufügen",
    "Let the workers of Flamenco generate one object per prompt of the list. The objects arrive in this scene while it is open": "Lässt die Worker von Flamenco für jeden Prompt der Liste ein Objekt erzeugen. Die Objekte kommen in dieser Szene an, solange sie geöffnet ist",
    "Submit to Flamenco": "An Flamenco senden",
    "Flamenco Manager": "Flamenco-Manager",
    "Address of a Flamenco Manager, such as http://manager:8080. Its workers need the jobs folder and the backend": "Adresse eines Flamenco-Managers, zum Beispiel http://manager:8080. Seine Worker brauchen den Auftragsordner und das Backend",
    "Enter the address of the Flamenco Manager in the preferences.": "Geben Sie die Adresse des Flamenco-Managers in den Einstellungen ein.",
    "Random positions, the largest object in the center": "Zufällige Positionen, das größte Objekt in der Mitte",
    "Random Rotation": "Zufällige Drehung",
    "Random seed. The same prompt, preset and seed generate the same object":
        "Startwert des Zufalls. Gleicher Text, gleiche Vorgabe und gleicher Startwert erzeugen dasselbe Objekt",
    "Real-world size. 0 keeps the current size": "Reale Größe. 0 behält die aktuelle Größe bei",
    "Refining the object": "Das Objekt wird verfeinert",
    "Relight": "Neu beleuchten",
    "Remote Folder": "Entfernter Ordner",
    "Remote Host": "Entfernter Rechner",
    "Remote Jobs": "Entfernte Aufträge",
    "Remote Python": "Entferntes Python",
    "Remove Backend": "Backend entfernen",
    "Remove Model": "Modell entfernen",
    "Remove Rig": "Lichtaufbau entfernen",
    "Remove the lights and the world of the rig. Other lights are kept":
        "Entfernt die Lichter und die Welt des Lichtaufbaus. Andere Lichter bleiben erhalten",
    "Replaces the previous rig": "Ersetzt den vorherigen Lichtaufbau",
    "Restart": "Neu starten",
    "Restart DreamFusion": "DreamFusion neu starten",
    "Restart the add-on and reload all jobs. Running jobs are not affected":
        "Startet das Add-on neu und lädt alle Aufträge neu. Laufende Aufträge sind nicht betroffen",
    "Restore the last deleted job": "Stellt den zuletzt gelöschten Auftrag wieder her",
    "Resume": "Fortsetzen",
    "Resume from the last checkpoint": "Setzt ab dem letzten Zwischenstand fort",
    "Resume Job": "Auftrag fortsetzen",
    "Return when the objects are in the scene. Blender does not respond until then. For scripts":
        "Kehrt erst zurück, wenn die Objekte in der Szene sind. Bis dahin reagiert Blender nicht. Für Skripte",
    "Rig": "Aufbau",
    "Rim": "Streiflicht",
    "Rotate": "Drehen",
    "Rotate camera or objects": "Kamera oder Objekte drehen",
    "Rotation": "Drehung",
    "Row": "Reihe",
    "Run jobs on another computer over SSH": "Aufträge über SSH auf einem anderen Rechner ausführen",
    "Run jobs on this computer": "Aufträge auf diesem Rechner ausführen",
    "Run On": "Ausführen auf",
    "Running": "Läuft",
    "Sana": "Sana",
    "Scatter": "Streuen",
    "Scene from List": "Szene aus Liste",
    "Search": "Suchen",
    "Seed": "Startwert",
    "seed {seed}": "Startwert {seed}",
    "Select objects first.": "Wählen Sie zuerst Objekte aus.",
    "Show Log": "Protokoll zeigen",
    "Show the available models with their licenses and sizes": "Zeigt die verfügbaren Modelle mit Lizenzen und Größen",
    "Show the end of the log": "Zeigt das Ende des Protokolls",
    "Side by side, in list order": "Nebeneinander, in der Reihenfolge der Liste",
    "Side by side, sorted by name": "Nebeneinander, nach Namen sortiert",
    "Size": "Größe",
    "Size: about 1.6 GB on disk.": "Größe: etwa 1,6 GB auf dem Datenträger.",
    "Size: about 7 GB to download and up to 20 GB on disk, including AMD libraries under AMD's licenses.":
        "Größe: etwa 7 GB Download und bis zu 20 GB auf dem Datenträger, einschließlich AMD-Bibliotheken unter AMDs Lizenzen.",
    "Size: about {size} GB ({free} GB free).": "Größe: etwa {size} GB ({free} GB frei).",
    "Size: several GB on disk, including NVIDIA libraries under NVIDIA's license.":
        "Größe: mehrere GB auf dem Datenträger, einschließlich NVIDIA-Bibliotheken unter NVIDIAs Lizenz.",
    "Sky": "Himmel",
    "Soft key, fill and rim lights": "Weiches Führungs-, Füll- und Streiflicht",
    "Specular": "Spekular",
    "SSH destination, such as me@gpu-box or an alias from your SSH configuration. The login must work without a password":
        "SSH-Ziel, zum Beispiel ich@gpu-box oder ein Alias aus Ihrer SSH-Konfiguration. Die Anmeldung muss ohne Passwort funktionieren",
    "Stable Diffusion": "Stable Diffusion",
    "Stable Diffusion 3": "Stable Diffusion 3",
    "Stable Diffusion XL": "Stable Diffusion XL",
    "Start": "Starten",
    "Starting the backend": "Das Backend startet",
    "Step": "Schritt",
    "Step {step} of {total}": "Schritt {step} von {total}",
    "Stop Jobs": "Aufträge anhalten",
    "Stop the backend. Progress is saved, and the jobs can be resumed":
        "Beendet das Backend. Der Fortschritt bleibt gespeichert, und die Aufträge können fortgesetzt werden",
    "Stopped unexpectedly": "Unerwartet beendet",
    "Strength": "Stärke",
    "Sun": "Sonne",
    "Switched the render engine to Cycles, which supports shadow catchers.":
        "Die Render-Engine wurde auf Cycles umgestellt, das Schattenfänger unterstützt.",
    "Text with one prompt per line. Lines that start with # are skipped":
        "Textblock mit einer Beschreibung pro Zeile. Zeilen, die mit # beginnen, werden übersprungen",
    "The backend finishes the jobs. They are available when Blender starts again":
        "Das Backend beendet die Aufträge. Sie stehen beim nächsten Start von Blender bereit",
    "The build for the GPU of this computer, or the CPU build":
        "Der Build für die GPU dieses Rechners oder der CPU-Build",
    "The camera circles the objects. The lighting on the objects does not change":
        "Die Kamera umkreist die Objekte. Die Beleuchtung der Objekte ändert sich nicht",
    "The copy on {host} is kept.": "Die Kopie auf {host} bleibt erhalten.",
    "The ground point is not below the horizon. Lower the ground point or raise the horizon.":
        "Der Bodenpunkt liegt nicht unter dem Horizont. Senken Sie den Bodenpunkt oder heben Sie den Horizont an.",
    "The job and its files can be restored for 7 days.":
        "Der Auftrag und seine Dateien können 7 Tage lang wiederhergestellt werden.",
    "The object cannot be that large at this point. Choose a smaller height.":
        "An diesem Punkt kann das Objekt nicht so groß sein. Wählen Sie eine kleinere Höhe.",
    "The objects rotate in front of a fixed camera. The lighting on the objects changes":
        "Die Objekte drehen sich vor einer festen Kamera. Die Beleuchtung der Objekte ändert sich",
    "The PyTorch files of this build cannot be verified; they are downloaded only from PyTorch's index.":
        "Die PyTorch-Dateien dieses Builds können nicht überprüft werden; sie werden ausschließlich aus dem Index von PyTorch heruntergeladen.",
    "The size is the height of the object": "Die Größe ist die Höhe des Objekts",
    "The size is the longest side of the object": "Die Größe ist die längste Seite des Objekts",
    "The size is the width of the object from left to right":
        "Die Größe ist die Breite des Objekts von links nach rechts",
    "This Computer": "Dieser Rechner",
    "This model is gated. Accept its license at {page}, then log in with 'hf auth login' in a terminal.":
        "Der Zugang zu diesem Modell ist beschränkt. Nehmen Sie seine Lizenz auf {page} an, und melden Sie sich dann im Terminal mit „hf auth login“ an.",
    "This scene has no job. Press Generate first.": "Diese Szene hat keinen Auftrag. Drücken Sie zuerst „Erzeugen“.",
    "Three-Point": "Dreipunkt",
    "Tilt the object with the surface instead of keeping it upright":
        "Neigt das Objekt mit der Fläche, statt es aufrecht zu halten",
    "To: {place}": "Nach: {place}",
    "Trade-off between speed and detail": "Kompromiss zwischen Geschwindigkeit und Detail",
    "Try Again": "Erneut versuchen",
    "Turntable": "Drehteller",
    "Two lights from behind and a weak fill light, for a bright outline":
        "Zwei Lichter von hinten und ein schwaches Fülllicht, für einen hellen Umriss",
    "Under Cursor": "Unter dem Cursor",
    "Undo": "Rückgängig",
    "Undo Delete Job": "Löschen des Auftrags rückgängig",
    "URL of a Hub-compatible mirror": "URL eines Hub-kompatiblen Spiegelservers",
    "Variations": "Varianten",
    "Wait": "Warten",
    "Waiting for the previous job": "Wartet auf den vorherigen Auftrag",
    "Waiting for {count} jobs": "Wartet auf {count} Aufträge",
    "What happens to running jobs when Blender quits or the add-on is disabled":
        "Was mit laufenden Aufträgen geschieht, wenn Blender beendet oder das Add-on deaktiviert wird",
    "What to avoid": "Was vermieden werden soll",
    "Where new jobs run. Running jobs are not affected":
        "Wo neue Aufträge laufen. Laufende Aufträge sind nicht betroffen",
    "Where the objects touch the ground, as fractions of the photo's width and height from the bottom left":
        "Wo die Objekte den Boden berühren, als Anteile der Breite und Höhe des Fotos von unten links",
    "Width": "Breite",
    "{count} of {all} objects could not be generated: {prompts}.":
        "{count} von {all} Objekten konnten nicht erzeugt werden: {prompts}.",
    "{number} of {count}": "{number} von {count}",
    "{size} GB": "{size} GB",
    "{title}. License: {license}.": "{title}. Lizenz: {license}.",
    "\"{name}\" has no faces after its modifiers. Turn some off.":
        "„{name}“ hat nach seinen Modifikatoren keine Flächen. Schalten Sie einige aus.",
    "\"{name}\" has no faces. Choose an object with faces.":
        "„{name}“ hat keine Flächen. Wählen Sie ein Objekt mit Flächen.",
    "\"{name}\" has no vertex group \"{group}\". Choose one of its vertex groups, or turn the mask off.":
        "„{name}“ hat keine Vertex-Gruppe „{group}“. Wählen Sie eine seiner Gruppen, oder schalten Sie die Maske aus.",
    "\"{name}\" has {count} UV maps, and Blender allows no more. Remove one.":
        "„{name}“ hat {count} UV-Maps, und Blender erlaubt nicht mehr. Entfernen Sie eine.",
    "\"{name}\" has {count} triangles, the limit is {limit}. Use a Decimate modifier or fewer subdivisions.":
        "„{name}“ hat {count} Dreiecke, die Grenze ist {limit}. Nutzen Sie einen Decimate-Modifikator oder weniger Unterteilungen.",
    "\"{name}\" is hidden in this view layer. Show it, because its modifiers are evaluated only then.":
        "„{name}“ ist in diesem View-Layer ausgeblendet. Blenden Sie es ein, denn nur dann werden seine Modifikatoren berechnet.",
    "\"{name}\" is linked from another file. Make a library override with Object > Library Override, or make it local.":
        "„{name}“ ist aus einer anderen Datei verknüpft. Erstellen Sie ein Bibliotheks-Override mit Objekt > Bibliotheks-Override, oder machen Sie es lokal.",
    "\"{name}\" is not a mesh. Choose a mesh object.":
        "„{name}“ ist kein Mesh. Wählen Sie ein Mesh-Objekt.",
    "\"{name}\" is not a mesh. Convert it with Object > Convert.":
        "„{name}“ ist kein Mesh. Konvertieren Sie es mit Objekt > Konvertieren.",
    "-X": "-X",
    "-Y": "-Y",
    "A texture was finished while this file was closed.":
        "Eine Textur wurde fertig, während diese Datei geschlossen war.",
    "A wooden barrel": "A wooden barrel (auf Englisch)",
    "Active": "Aktive",
    "Add a UV map with Smart UV Project when the texture arrives. The other UV maps stay":
        "Fügt beim Eintreffen der Textur eine UV-Map mit „Smart UV Project“ hinzu. Die anderen UV-Maps bleiben",
    "After": "Nachher",
    "Apply Texture": "Textur anwenden",
    "Before": "Vorher",
    "Before / After": "Vorher / Nachher",
    "Click a mesh object first.": "Klicken Sie zuerst ein Mesh-Objekt an.",
    "Description of the painted object, such as 'a wooden barrel'":
        "Beschreibung des bemalten Objekts auf Englisch, etwa „a wooden barrel“",
    "Done. Applied": "Fertig. Angewendet",
    "Done. Applied after the current operation": "Fertig. Wird nach dem laufenden Vorgang angewendet",
    "Done. Applying": "Fertig. Wird angewendet",
    "Done. Not applied": "Fertig. Nicht angewendet",
    "Done. Ready to apply": "Fertig. Bereit zum Anwenden",
    "Done. Switch to Object Mode to apply": "Fertig. Zum Anwenden in den Objektmodus wechseln",
    "Front": "Vorderseite",
    "Give the object its own mesh data if other objects share it and it must change":
        "Gibt dem Objekt eigene Mesh-Daten, wenn andere Objekte sie mitbenutzen und sie sich ändern müssen",
    "How far the colors may depart from the present ones. 1 ignores them":
        "Wie weit die Farben von den jetzigen abweichen dürfen. 1 beachtet sie nicht",
    "Import Copy": "Kopie importieren",
    "Make Single User": "Einzelnutzer machen",
    "Mask": "Maske",
    "Material Words": "Materialwörter",
    "Name of the object. Leave empty for the active one": "Name des Objekts. Leer lassen für das aktive",
    "New": "Neue",
    "No object is active. Click the object to paint.":
        "Kein Objekt ist aktiv. Klicken Sie das Objekt an, das bemalt werden soll.",
    "Objects can be painted only in Object Mode. Switch to Object Mode first.":
        "Objekte können nur im Objektmodus bemalt werden. Wechseln Sie zuerst in den Objektmodus.",
    "Paint as much as the weights of a vertex group say, with soft edges":
        "Bemalt so stark, wie es die Gewichte einer Vertex-Gruppe angeben, mit weichen Rändern",
    "Paint only the faces that are selected in Edit Mode":
        "Bemalt nur die Flächen, die im Bearbeitungsmodus ausgewählt sind",
    "Paint the active mesh from a prompt. Its shape does not change":
        "Bemalt das aktive Mesh nach einem Prompt. Seine Form ändert sich nicht",
    "Paint the whole object": "Bemalt das ganze Objekt",
    "Paint through the UV map that the mesh has": "Bemalt über die UV-Map, die das Mesh hat",
    "Put the finished texture on the object that it was made for":
        "Legt die fertige Textur auf das Objekt, für das sie gemacht wurde",
    "Put the texture of the job on its object, as it is now":
        "Legt die Textur des Auftrags auf sein Objekt, wie es jetzt ist",
    "Selected Faces": "Ausgewählte Flächen",
    "Show": "Zeigen",
    "ControlNet": "ControlNet",
    "Depth ControlNet that keeps the painting on the shape of the object: a folder or a .safetensors file, for models of Stable Diffusion 1, 2 or XL. Empty: the one in the model's folder, if there is one":
        "Tiefen-ControlNet, das die Bemalung an der Form des Objekts ausrichtet: ein Ordner oder eine .safetensors-Datei, für Modelle von Stable Diffusion 1, 2 oder XL. Leer: das im Ordner des Modells, falls vorhanden",
    "Strength of the ControlNet. 0 switches it off, 1 is its full effect":
        "Stärke des ControlNets. 0 schaltet es aus, 1 ist seine volle Wirkung",
    "Side of new textures in pixels. With a mask or a lower strength, an image keeps its size":
        "Seitenlänge neuer Texturen in Pixeln. Mit Maske oder geringerer Stärke behält ein Bild seine Größe",
    "Single-User Data": "Einzelnutzer-Daten",
    "Strength and Mask use one color for the material \"{name}\": its base color is not an image.":
        "Stärke und Maske nutzen für das Material „{name}“ eine einzige Farbe: Seine Grundfarbe ist kein Bild.",
    "Strength uses one color for the material \"{name}\": its image uses another UV map.":
        "Die Stärke nutzt für das Material „{name}“ eine einzige Farbe: Sein Bild nutzt eine andere UV-Map.",
    "Switch between the materials before and after the last texture":
        "Wechselt zwischen den Materialien vor und nach der letzten Textur",
    "Texture": "Textur",
    "Texture Object": "Objekt texturieren",
    "Texture Size": "Texturgröße",
    "Texture from Prompt": "Textur aus Prompt",
    "The 3D Viewport shows the front of the object": "Der 3D-Viewport zeigt die Vorderseite des Objekts",
    "The Others": "Die anderen",
    "The UV map \"{name}\" crosses the border of its tile. Move each island into one tile, or choose New.":
        "Die UV-Map „{name}“ ragt über den Rand ihrer Kachel. Verschieben Sie jede Insel in eine Kachel, oder wählen Sie „Neue“.",
    "The UV map \"{name}\" has no area. Unwrap the object, or choose New as UV Map.":
        "Die UV-Map „{name}“ hat keine Fläche. Entfalten Sie das Objekt, oder wählen Sie „Neue“ als UV-Map.",
    "The UV map of \"{name}\" has changed. Undo that and click Apply Texture, or import a painted copy.":
        "Die UV-Map von „{name}“ hat sich geändert. Machen Sie das rückgängig und klicken Sie auf „Textur anwenden“, oder importieren Sie eine bemalte Kopie.",
    "The UV map that the texture uses. An object without one gets a new one":
        "Die UV-Map, die die Textur nutzt. Ein Objekt ohne UV-Map bekommt eine neue",
    "The UV map {file} is missing or damaged. Start the job again.":
        "Die UV-Map {file} fehlt oder ist beschädigt. Starten Sie den Auftrag erneut.",
    "The faces of \"{name}\" have changed. Undo that and click Apply Texture, or import a painted copy.":
        "Die Flächen von „{name}“ haben sich geändert. Machen Sie das rückgängig und klicken Sie auf „Textur anwenden“, oder importieren Sie eine bemalte Kopie.",
    "The files of the job are missing. Start a new one from the object.":
        "Die Dateien des Auftrags fehlen. Starten Sie einen neuen vom Objekt aus.",
    "The image \"{name}\" cannot be read. Find its file, then try again.":
        "Das Bild „{name}“ kann nicht gelesen werden. Suchen Sie seine Datei, und versuchen Sie es erneut.",
    "The image \"{name}\" is larger than {size} pixels. Scale it down, or turn off Strength and Mask.":
        "Das Bild „{name}“ ist größer als {size} Pixel. Verkleinern Sie es, oder nutzen Sie weder Stärke noch Maske.",
    "The image of the material \"{name}\" uses another UV map. Choose Active as UV Map, or no mask.":
        "Das Bild des Materials „{name}“ nutzt eine andere UV-Map. Wählen Sie „Aktive“ als UV-Map, oder keine Maske.",
    "The job does not name the object that it paints. Import a painted copy.":
        "Der Auftrag nennt nicht, welches Objekt er bemalt. Importieren Sie eine bemalte Kopie.",
    "The mask would change all of \"{name}\", which is not an sRGB image with 8 bits. Convert it first.":
        "Die Maske würde „{name}“ ganz verändern, weil es kein sRGB-Bild mit 8 Bit ist. Wandeln Sie es zuerst um.",
    "The materials before the last texture": "Die Materialien vor der letzten Textur",
    "The mesh of \"{name}\" is linked from another file and must change. Turn on Single-User Data.":
        "Das Mesh von „{name}“ ist aus einer anderen Datei verknüpft und muss sich ändern. Schalten Sie „Einzelnutzer-Daten“ ein.",
    "The mesh of \"{name}\" is shared by {count} objects and must change. Turn on Single-User Data.":
        "{count} Objekte teilen sich das Mesh von „{name}“, das sich ändern muss. Schalten Sie „Einzelnutzer-Daten“ ein.",
    "The modifiers of \"{name}\" assign materials. Apply these modifiers, or turn them off.":
        "Die Modifikatoren von „{name}“ weisen Materialien zu. Wenden Sie diese Modifikatoren an, oder schalten Sie sie aus.",
    "The modifiers of \"{name}\" remove the UV map \"{map}\". Apply these modifiers, or turn them off.":
        "Die Modifikatoren von „{name}“ entfernen die UV-Map „{map}“. Wenden Sie diese Modifikatoren an, oder schalten Sie sie aus.",
    "The modifiers of \"{name}\" remove the vertex group \"{group}\". Apply them, or turn the mask off.":
        "Die Modifikatoren von „{name}“ entfernen die Vertex-Gruppe „{group}“. Wenden Sie sie an, oder schalten Sie die Maske aus.",
    "The object \"{name}\" was deleted. Undo that and click Apply Texture, or import a painted copy.":
        "Das Objekt „{name}“ wurde gelöscht. Machen Sie das rückgängig und klicken Sie auf „Textur anwenden“, oder importieren Sie eine bemalte Kopie.",
    "The object faces the -X axis of the world": "Das Objekt zeigt zur -X-Achse der Welt",
    "The object faces the -Y axis of the world, as in Blender's front view":
        "Das Objekt zeigt zur -Y-Achse der Welt, wie in Blenders Vorderansicht",
    "The object faces the X axis of the world": "Das Objekt zeigt zur X-Achse der Welt",
    "The object faces the Y axis of the world": "Das Objekt zeigt zur Y-Achse der Welt",
    "The object gets a UV map.": "Das Objekt bekommt eine UV-Map.",
    "The object has no texture of a job that could be switched off.":
        "Das Objekt hat keine Textur eines Auftrags, die man ausschalten könnte.",
    "The painted materials": "Die bemalten Materialien",
    "The part of the object that is painted. The rest of its texture does not change":
        "Der Teil des Objekts, der bemalt wird. Der Rest seiner Textur ändert sich nicht",
    "The side of the object that the prompt shows from the front":
        "Die Seite des Objekts, die der Prompt von vorn zeigt",
    "The texture {file} is missing. Resume the job, or start it again.":
        "Die Textur {file} fehlt. Setzen Sie den Auftrag fort, oder starten Sie ihn erneut.",
    "The tiled image \"{name}\" has unsaved changes. Save it in the Image Editor first.":
        "Das gekachelte Bild „{name}“ hat ungespeicherte Änderungen. Speichern Sie es zuerst im Bildeditor.",
    "The vertex group of the mask. Weights between 0 and 1 are a soft edge":
        "Die Vertex-Gruppe der Maske. Gewichte zwischen 0 und 1 sind ein weicher Rand",
    "There is no 3D Viewport that shows the front. Choose an axis as the front.":
        "Kein 3D-Viewport zeigt die Vorderseite. Wählen Sie eine Achse als Vorderseite.",
    "There is no object \"{name}\" in this view layer.": "In diesem View-Layer gibt es kein Objekt „{name}“.",
    "Those that the object does not show now": "Die, die das Objekt gerade nicht zeigt",
    "UV Map": "UV-Map",
    "Vertex Group": "Vertex-Gruppe",
    "View": "Ansicht",
    "Which materials the object shows": "Welche Materialien das Objekt zeigt",
    "Words such as 'wooden' or 'gold' in the prompt set roughness and metallic":
        "Wörter wie „wooden“ oder „gold“ im Prompt setzen Rauheit und Metallisch",
    "X": "X",
    "Y": "Y",
    "{count} triangles have no area in the UV map and are not painted.":
        "{count} Dreiecke haben in der UV-Map keine Fläche und werden nicht bemalt.",
    "{share} of the texture is shared by parts of the object. Choose New as UV Map to paint them separately.":
        "{share} der Textur werden von Teilen des Objekts gemeinsam genutzt. Wählen Sie „Neue“ als UV-Map, um sie getrennt zu bemalen.",
    "Image": "Bild",
    "Side": "Seite",
    "Use Viewport": "Ansicht verwenden",
    "Use a picture of the 3D Viewport as the image, without overlays and background. The side and the elevation are those of the view":
        "Verwendet ein Bild des 3D-Viewports ohne Overlays und Hintergrund. Seite und Höhe sind die der Ansicht",
    "Image of one object with a plain or transparent background. The front of new objects follows it. Leave empty to use only the prompt":
        "Bild eines Objekts vor einem einfarbigen oder durchsichtigen Hintergrund. Die Vorderseite neuer Objekte folgt ihm. Leer lassen, um nur den Prompt zu verwenden",
    "How closely the object follows the image": "Wie genau das Objekt dem Bild folgt",
    "Side of the object that the image shows. 0° is the front, 90° the side to the right of it":
        "Seite des Objekts, die das Bild zeigt. 0° ist die Vorderseite, 90° die Seite rechts davon",
    "Height of the camera of the image above the horizon": "Höhe der Kamera des Bildes über dem Horizont",
    "The front of new objects follows it.": "Die Vorderseite neuer Objekte folgt ihm.",
    "The pixels of \"{name}\" are not accessible. Save it as an image, and open that.":
        "Die Pixel von „{name}“ sind nicht zugänglich. Speichern Sie es als Bild, und öffnen Sie dieses.",
    "There is no image \"{name}\", neither in this file nor on the disk.":
        "Es gibt kein Bild „{name}“, weder in dieser Datei noch auf der Festplatte.",
    "Image of {prompt}": "Bild von {prompt}",
    "Open a 3D Viewport first.": "Öffnen Sie zuerst einen 3D-Viewport.",
    "Name of an image in this file, or path of an image file, that the front of the object follows":
        "Name eines Bildes in dieser Datei oder Pfad einer Bilddatei, der die Vorderseite des Objekts folgt",
    "\"{name}\" is a movie, an animation, or a sequence. Save one frame as PNG, and open that.":
        "„{name}“ ist ein Film, eine Animation oder eine Bildfolge. Speichern Sie ein einzelnes Bild als PNG, und öffnen Sie dieses.",
    "\"{name}\" has no vertex group \"{group}\". Choose one of its vertex groups, or change the whole object.":
        "„{name}“ hat keine Vertex-Gruppe „{group}“. Wählen Sie eine seiner Gruppen, oder ändern Sie das ganze Objekt.",
    "\"{name}\" has shape keys, which do not fit another mesh. Remove them, or change a copy.":
        "„{name}“ hat Shape Keys, die nicht zu einem anderen Mesh passen. Entfernen Sie sie, oder ändern Sie eine Kopie.",
    "\"{name}\" is linked from another file. Make it local with Object > Relations > Make Local.":
        "„{name}“ ist aus einer anderen Datei verknüpft. Machen Sie es mit „Objekt > Beziehungen > Lokal machen“ lokal.",
    "A blue mug": "A blue mug (auf Englisch)",
    "All": "Alles",
    "Amount": "Ausmaß",
    "Apply Change": "Änderung anwenden",
    "Change": "Ändern",
    "Change Object": "Objekt ändern",
    "Change as much as the weights of a vertex group say":
        "Ändert so viel, wie die Gewichte einer Vertex-Gruppe angeben",
    "Change from Prompt": "Nach Prompt ändern",
    "Change only around the faces that are selected in Edit Mode":
        "Ändert nur die Umgebung der Flächen, die im Bearbeitungsmodus ausgewählt sind",
    "Change the whole object": "Ändert das ganze Objekt",
    "Description of the new version, such as 'a blue mug'": "Beschreibung der neuen Fassung, etwa „a blue mug“",
    "Give the object its own mesh data if other objects share it":
        "Gibt dem Objekt eigene Mesh-Daten, wenn andere Objekte sie mitnutzen",
    "How much changes. Up to 0.5, the shape stays and only the colors change. With 1, the old shape is only a hint":
        "Wie viel sich ändert. Bis 0,5 bleibt die Form, und nur die Farben ändern sich. Mit 1 ist die alte Form nur ein Anhaltspunkt",
    "Import what the job has made as another object, where its object stood when the job was started":
        "Importiert das Ergebnis des Auftrags als weiteres Objekt, dort wo sein Objekt beim Start des Auftrags stand",
    "Make another version of the active object from a new prompt, in its place":
        "Macht aus dem aktiven Objekt nach einem neuen Prompt eine andere Fassung, an derselben Stelle",
    "No object is active. Click the object to change.":
        "Kein Objekt ist aktiv. Klicken Sie auf das Objekt, das geändert werden soll.",
    "Objects can be changed only in Object Mode. Switch to Object Mode first.":
        "Objekte können nur im Objektmodus geändert werden. Wechseln Sie zuerst in den Objektmodus.",
    "Only the colors change.": "Nur die Farben ändern sich.",
    "Put the finished version in the place of the object that it was made from":
        "Setzt die fertige Fassung an die Stelle des Objekts, aus dem sie entstand",
    "Put the new version in the place of the object, as it is now":
        "Setzt die neue Fassung an die Stelle des Objekts, wie es jetzt ist",
    "Region": "Bereich",
    "The job does not name the object that it changes. Import a copy.":
        "Der Auftrag nennt nicht, welches Objekt er ändert. Importieren Sie eine Kopie.",
    "The mesh of \"{name}\" has changed. Undo that and click Apply Change, or import a copy.":
        "Das Mesh von „{name}“ hat sich geändert. Machen Sie das rückgängig und klicken Sie auf „Änderung anwenden“, oder importieren Sie eine Kopie.",
    "The object \"{name}\" was deleted. Undo that and click Apply Change, or import a copy.":
        "Das Objekt „{name}“ wurde gelöscht. Machen Sie das rückgängig und klicken Sie auf „Änderung anwenden“, oder importieren Sie eine Kopie.",
    "The part of the object that changes": "Der Teil des Objekts, der sich ändert",
    "The region is empty. Select some faces in Edit Mode, or change the whole object.":
        "Der Bereich ist leer. Wählen Sie im Bearbeitungsmodus Flächen aus, oder ändern Sie das ganze Objekt.",
    "The shape changes, too.": "Auch die Form ändert sich.",
    "The vertex group of the region. Weights between 0 and 1 are a soft edge":
        "Die Vertex-Gruppe des Bereichs. Gewichte zwischen 0 und 1 sind ein weicher Rand",
    "\"{name}\" has no surface to start from. Choose a mesh, a curve, or a text.":
        "„{name}“ hat keine Oberfläche, von der ausgegangen werden kann. Wählen Sie ein Mesh, eine Kurve oder einen Text.",
    "Freedom": "Freiheit",
    "Generate an object from the prompt that starts from the selected objects and stands in their place":
        "Erzeugt ein Objekt aus dem Prompt, das von den ausgewählten Objekten ausgeht und an ihrer Stelle steht",
    "Hide Originals": "Originale ausblenden",
    "Hide the objects in viewports and renders when the result arrives":
        "Blendet die Objekte im Viewport und beim Rendern aus, wenn das Ergebnis eintrifft",
    "How far the shape may depart from the objects. 0 keeps their silhouette, 1 takes them as a hint":
        "Wie weit die Form von den Objekten abweichen darf. 0 behält ihre Silhouette, 1 nimmt sie als Hinweis",
    "Just a hint": "Nur ein Hinweis",
    "Keep the silhouette": "Silhouette behalten",
    "Names of the objects to start from, one per line. If it is not set, the objects of the section Start From, if that is on":
        "Namen der Objekte, von denen ausgegangen wird, einer je Zeile. Wenn nicht gesetzt, die Objekte des Abschnitts „Ausgehen von“, falls dieser an ist",
    "No object to start from is selected. Select meshes, curves, or texts.":
        "Es ist kein Objekt ausgewählt, von dem ausgegangen werden kann. Wählen Sie Meshes, Kurven oder Texte aus.",
    "Objects are read in Object Mode. Switch to Object Mode first.":
        "Objekte werden nur im Objektmodus gelesen. Wechseln Sie zuerst in den Objektmodus.",
    "Select the objects to start from.": "Wählen Sie die Objekte aus, von denen ausgegangen wird.",
    "Start From": "Ausgehen von",
    "Start From Selected": "Von Auswahl ausgehen",
    "Start from the objects that are selected now, instead of the earlier ones":
        "Geht von den Objekten aus, die jetzt ausgewählt sind, statt von den bisherigen",
    "Use Selected": "Auswahl verwenden",
    "Start from the selected objects instead of from nothing. The result stands in their place":
        "Geht von den ausgewählten Objekten aus statt von nichts. Das Ergebnis steht an ihrer Stelle",
    "Starts from \"{name}\"": "Geht von „{name}“ aus",
    "Starts from {count} objects": "Geht von {count} Objekten aus",
    "The objects have {count} triangles, the limit is {limit}. Select fewer, or use a Decimate modifier.":
        "Die Objekte haben {count} Dreiecke, die Grenze ist {limit}. Wählen Sie weniger aus, oder nutzen Sie einen Decimate-Modifikator.",
    "The selected objects have no faces. Select objects with a surface.":
        "Die ausgewählten Objekte haben keine Flächen. Wählen Sie Objekte mit einer Oberfläche aus.",
    "The side of the objects that the prompt shows from the front":
        "Die Seite der Objekte, die der Prompt von vorn zeigt",
    "and {count} more": "und {count} weitere",
    "The job no longer knows where its objects stood. The result stands at the 3D cursor.":
        "Der Auftrag weiß nicht mehr, wo seine Objekte standen. Das Ergebnis steht am 3D-Cursor.",
}
# fmt: on
