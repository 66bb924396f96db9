"""French."""

# ruff: noqa: RUF001 (punctuation of this language)

# fmt: off
# One row per text, sorted by key.
TEXTS: dict[str, str] = {
    "Check Model": "Vérifier le modèle",
    "Check that the selected model is read correctly: draw a picture, do five steps, and report memory and time":
        "Vérifie que le modèle choisi est lu correctement : dessine une image, fait cinq étapes et indique la mémoire et le temps",
    "Check the model on the remote host, with 'models check' on the command line.":
        "Vérifiez le modèle sur l'hôte distant, avec « models check » en ligne de commande.",
    "Choose a large model first.": "Choisissez d'abord un grand modèle.",
    "Stop Check": "Arrêter la vérification",
    "Stop the check of the model": "Arrête la vérification du modèle",
    "Show Pictures": "Afficher les images",
    "Add a LoRA file, which changes the style or the subjects of a large model":
        "Ajoute un fichier LoRA, qui change le style ou les sujets d'un grand modèle",
    "Add LoRA": "Ajouter un LoRA",
    "Choose a .safetensors file.": "Choisissez un fichier .safetensors.",
    "File": "Fichier",
    "Files that change the style or the subjects of a large model":
        "Fichiers qui changent le style ou les sujets d'un grand modèle",
    "LoRA": "LoRA",
    "LoRA as a .safetensors file": "LoRA sous forme de fichier .safetensors",
    "Remove LoRA": "Retirer le LoRA",
    "Remove this LoRA from the list. The file is kept": "Retire ce LoRA de la liste. Le fichier est conservé",
    "Row of the list": "Ligne de la liste",
    "Strength of the LoRA. 0 switches it off, 1 is its full effect":
        "Force du LoRA. 0 le désactive, 1 est son plein effet",
    "Weight": "Poids",
    "(see the log)": "(voir le journal)",
    "A red mushroom": "A red mushroom (en anglais)",
    "A small build that runs on every computer": "Une petite version qui fonctionne sur tous les ordinateurs",
    "A small object in half a minute, even without a GPU": "Un petit objet en une demi-minute, même sans GPU",
    "Detailed": "Détaillé",
    "Smoother surfaces and truer colors in about two minutes, even without a GPU":
        "Surfaces plus lisses et couleurs plus justes en deux minutes environ, même sans GPU",
    "about {time} left": "environ {time} restantes",
    "Add a camera that circles the selected objects in a seamless loop, and make it the scene camera":
        "Ajoute une caméra qui tourne en boucle continue autour des objets sélectionnés et en fait la caméra de la scène",
    "Add a sun and ambient light in the photo's mean color if the scene has no lights":
        "Ajoute un soleil et une lumière ambiante de la couleur moyenne de la photo si la scène n’a pas de lumières",
    "Advanced": "Avancé",
    "Align to Surface": "Aligner à la surface",
    "AMD (ROCm)": "AMD (ROCm)",
    "An installation is already running.": "Une installation est déjà en cours.",
    "1. Install the backend": "1. Installer le moteur",
    "2. Choose a model": "2. Choisir un modèle",
    "3. Describe an object": "3. Décrire un objet",
    "The built-in model is ready. Open the preferences for others.":
        "Le modèle intégré est prêt. Les autres sont dans les préférences.",
    "PyTorch is installed in its own folder. You can keep working.":
        "PyTorch est installé dans son propre dossier. Vous pouvez continuer à travailler.",
    "{time} so far": "{time} écoulé",
    "The backend is ready.": "Le moteur est prêt.",
    "Update Backend": "Mettre à jour le moteur",
    "Repair Backend": "Réparer le moteur",
    "Allow Online Access": "Autoriser l’accès en ligne",
    "Allow Blender to use the network. Changes Blender's preference System > Network":
        "Autorise Blender à utiliser le réseau. Change la préférence de Blender Système > Réseau",
    "Online access is disabled. Click Allow Online Access to change this preference of Blender.":
        "L’accès en ligne est désactivé. Cliquez sur « Autoriser l’accès en ligne » pour changer cette préférence de Blender.",
    "Blender was started with --offline-mode. Restart it without this option to go online.":
        "Blender a été lancé avec --offline-mode. Relancez-le sans cette option pour aller en ligne.",
    "To install without a network, set Offline Packages.":
        "Pour installer sans réseau, renseignez « Paquets hors ligne ».",
    "To run jobs on this computer, set Run On to This Computer.":
        "Pour exécuter les tâches sur cet ordinateur, réglez « Exécuter sur » sur « Cet ordinateur ».",
    "Python for the Installation": "Python pour l’installation",
    "Python executable that Install Backend uses to create the environment. Leave empty to use Blender's own, or another one on this computer. Supported versions: 3.11 and 3.13":
        "Exécutable Python avec lequel « Installer le moteur » crée l’environnement. Laissez vide pour utiliser celui de Blender ou un autre de cet ordinateur. Versions prises en charge : 3.11 et 3.13",
    "Python: {place}": "Python : {place}",
    "Python {version} is downloaded first, because none that the backend supports was found.":
        "Python {version} est d’abord téléchargé, car aucun Python compatible avec le moteur n’a été trouvé.",
    "Angle of the camera above the horizon": "Angle de la caméra au-dessus de l’horizon",
    "Another download is running. Wait until it is finished, or cancel it.":
        "Un autre téléchargement est en cours. Attendez qu’il soit terminé ou annulez-le.",
    "Another Seed": "Autre graine",
    "Arrange": "Disposer",
    "Arrange the selected objects around the 3D cursor, on the surface below it and without overlaps":
        "Dispose les objets sélectionnés autour du curseur 3D, sur la surface en dessous et sans chevauchement",
    "Automatic": "Automatique",
    "Backend Python": "Python du moteur",
    "Baking the texture": "Précalcul de la texture",
    "Browse the history": "Parcourt l’historique",
    "Build of PyTorch that Install Backend installs. Install again after a change":
        "Version de PyTorch installée par « Installer le moteur ». Réinstallez après un changement",
    "Camera": "Caméra",
    "Cancel": "Annuler",
    "Cancel Download": "Annuler le téléchargement",
    "Cancel Installation": "Annuler l’installation",
    "Cancel Job": "Annuler la tâche",
    "Cancel the download. Downloaded files are kept":
        "Annule le téléchargement. Les fichiers téléchargés sont conservés",
    "Cancel the installation. Downloaded files are kept":
        "Annule l’installation. Les fichiers téléchargés sont conservés",
    "Cancel the job. Progress is saved": "Annule la tâche. La progression est enregistrée",
    "Canceled": "Annulé",
    "Canceling": "Annulation",
    "Cannot read the photo {path}. Choose an image file.":
        "Impossible de lire la photo {path}. Choisissez un fichier image.",
    "Change for a different layout": "À modifier pour obtenir une autre disposition",
    "Check Backend": "Vérifier le moteur",
    "Check Memory": "Vérifier la mémoire",
    "Check whether jobs can run and whether the selected model fits in memory":
        "Vérifie si les tâches peuvent s’exécuter et si le modèle choisi tient en mémoire",
    "Choose a new random seed": "Choisit une nouvelle graine aléatoire",
    "Continue": "Continuer",
    "Continue ({percent} %)": "Continuer ({percent} %)",
    "Continue Job": "Continuer la tâche",
    "Continue Jobs": "Continuer les tâches",
    "Continue the paused job": "Continue la tâche en pause",
    "Copy": "Copier",
    "Copy the log to the clipboard": "Copie le journal dans le presse-papiers",
    "Copy the prompt and settings of the job to the panel for editing":
        "Copie le texte et les réglages de la tâche dans le panneau pour les modifier",
    "CPU Only": "Processeur seul",
    "DeepFloyd IF": "DeepFloyd IF",
    "Delete": "Supprimer",
    "Delete Job": "Supprimer la tâche",
    "Delete the installed backend. Jobs and objects are kept":
        "Supprime le moteur installé. Les tâches et les objets sont conservés",
    "Delete the job and its files. They can be restored for 7 days":
        "Supprime la tâche et ses fichiers. Ils peuvent être restaurés pendant 7 jours",
    "Delete this model from disk. Objects generated with it are kept":
        "Supprime ce modèle du disque. Les objets générés avec lui sont conservés",
    "Deleted \"{prompt}\".": "« {prompt} » a été supprimé.",
    "Description of one object, such as 'a red mushroom'":
        "Description d’un objet, en anglais, par exemple « a red mushroom »",
    "Diffusion model that guides the object: 'builtin', the name of a downloaded model or the folder of a model. Choosing a model also selects a suitable preset":
        "Modèle de diffusion qui guide l’objet : « builtin », le nom d’un modèle téléchargé ou le dossier d’un modèle. Ce choix sélectionne aussi un préréglage adapté",
    "Dimension": "Dimension",
    "Dimension of the object that the size refers to": "Dimension de l’objet à laquelle la taille se rapporte",
    "Direction of the viewer around the objects. The panel uses the direction of the scene camera":
        "Direction de l’observateur autour des objets. Le panneau utilise celle de la caméra de la scène",
    "Done": "Terminé",
    "Done. Import failed": "Terminé. Échec de l’import",
    "Done. Imported": "Terminé. Importé",
    "Done. Importing": "Terminé. Import en cours",
    "Done. Ready to import": "Terminé. Prêt à importer",
    "Done. Imported after the current operation":
        "Terminé. Importé après l’opération en cours",
    "Near":
        "Près de",
    "The object or its group stands on the surface below this point, or next to what is there":
        "L’objet ou son groupe se tient sur la surface sous ce point, ou à côté de ce qui s’y trouve",
    "{count} of {all} prompts name no object that the model can make: {prompts}.":
        "{count} textes sur {all} ne nomment aucun objet que le modèle peut créer : {prompts}.",
    "Done. Switch to Object Mode to import": "Terminé. Passez en mode Objet pour importer",
    "Download": "Télécharger",
    "Download Model": "Télécharger le modèle",
    "Download this model or continue its download. Shows license, source and destination for confirmation":
        "Télécharge ce modèle ou reprend son téléchargement. Affiche la licence, la source et la destination pour confirmation",
    "Downloaded": "Téléchargé",
    "DreamFusion as published: 15,000 steps, hours on a GPU":
        "DreamFusion tel que publié : 15 000 pas, des heures sur un GPU",
    "DreamFusion hit an error ({error}) and stopped updating. Running jobs are not affected.":
        "DreamFusion a rencontré une erreur ({error}) et ne se met plus à jour. Les tâches en cours ne sont pas affectées.",
    "DreamFusion Log": "Journal DreamFusion",
    "Edit Prompt": "Modifier le texte",
    "Elevation": "Élévation",
    "Exporting the object": "Export de l’objet",
    "Extracting the mesh": "Extraction du maillage",
    "Failed": "Échec",
    "Failed. See the log.": "Échec. Voir le journal.",
    "Fallback: {place}": "Sinon : {place}",
    "Fast": "Rapide",
    "Filter jobs by prompt, status, date or seed": "Filtre les tâches par texte, état, date ou graine",
    "FLUX": "FLUX",
    "Focal Length": "Focale",
    "Focal length, 35 mm equivalent (phones: about 26 mm)": "Focale en équivalent 35 mm (téléphones : environ 26 mm)",
    "Folder for downloaded models, shared by all Blender versions. The environment variable DREAMFUSION_MODELS sets the default":
        "Dossier des modèles téléchargés, commun à toutes les versions de Blender. La variable d’environnement DREAMFUSION_MODELS définit la valeur par défaut",
    "Folder for jobs, previews and finished meshes, shared by all Blender versions. The environment variable DREAMFUSION_JOBS sets the default":
        "Dossier des tâches, des aperçus et des maillages terminés, commun à toutes les versions de Blender. La variable d’environnement DREAMFUSION_JOBS définit la valeur par défaut",
    "Folder of wheels to install the backend without a network connection. Usually empty":
        "Dossier de paquets wheel pour installer le moteur sans connexion réseau. Vide en général",
    "Folder on the remote host that contains the backend: a checkout of this project or the installed extension":
        "Dossier de l’hôte distant qui contient le moteur : une copie de ce projet ou l’extension installée",
    "For a smaller installation, set PyTorch Build to CPU Only in the preferences.":
        "Pour une installation plus légère, réglez « Version de PyTorch » sur « Processeur seul » dans les préférences.",
    "for AMD GPUs (ROCm)": "pour GPU AMD (ROCm)",
    "For AMD GPUs supported by ROCm 7.2 (Radeon RX 6800 to 9000, Instinct). Requires the AMD driver. Large download":
        "Pour les GPU AMD pris en charge par ROCm 7.2 (Radeon RX 6800 à 9000, Instinct). Nécessite le pilote AMD. Téléchargement volumineux",
    "for Apple GPUs (Metal)": "pour GPU Apple (Metal)",
    "for CPU": "pour CPU",
    "For large models: 10,000 steps at up to 256 pixels, hours on a GPU":
        "Pour les grands modèles : 10 000 pas jusqu’à 256 pixels, des heures sur un GPU",
    "for NVIDIA GPUs (CUDA)": "pour GPU NVIDIA (CUDA)",
    "For NVIDIA GPUs from GeForce GTX 16 and RTX 20 onwards. Requires driver version 580 or newer":
        "Pour les GPU NVIDIA à partir des GeForce GTX 16 et RTX 20. Nécessite le pilote 580 ou plus récent",
    "Frames": "Images",
    "From: {place}": "Depuis : {place}",
    "Gap": "Écart",
    "Generate": "Générer",
    "Generate again with the same settings and a new seed":
        "Génère à nouveau avec les mêmes réglages et une nouvelle graine",
    "Generate an object from the prompt and import it at the 3D cursor, or in place of the objects that it starts from":
        "Génère un objet à partir du texte et l’importe au curseur 3D, ou à la place des objets dont il part",
    "Generate one object per prompt of the list and arrange them around the 3D cursor":
        "Génère un objet par texte de la liste et les dispose autour du curseur 3D",
    "Generate Scene": "Générer la scène",
    "Grid": "Grille",
    "Ground Point": "Point au sol",
    "Hard afternoon sun with a blue sky": "Soleil dur d’après-midi et ciel bleu",
    "Height": "Hauteur",
    "Height of the camera above the ground: {height}.": "Hauteur de la caméra au-dessus du sol : {height}.",
    "Height of the horizon in the photo, from 0 at the bottom to 1 at the top":
        "Hauteur de l’horizon dans la photo, de 0 en bas à 1 en haut",
    "Height of the objects as a fraction of the photo's height":
        "Hauteur des objets, en fraction de la hauteur de la photo",
    "History": "Historique",
    "History Page": "Page de l’historique",
    "Horizon": "Horizon",
    "ID of the job. Leave empty for the current job of the scene":
        "Identifiant de la tâche. Laissez vide pour la tâche actuelle de la scène",
    "Image file of the photo": "Fichier image de la photo",
    "Import": "Importer",
    "Import Again": "Réimporter",
    "Add Generated Object": "Ajouter l’objet généré",
    "Import the finished object into the scene that it was generated for": (
        "Importe l’objet terminé dans la scène pour laquelle il a été généré"
    ),
    "Select": "Sélectionner",
    "Select only the object and make it active": "Sélectionne uniquement l’objet et le rend actif",
    "Import All": "Tout importer",
    "Import the objects that were finished while this file was closed": (
        "Importe les objets terminés pendant que ce fichier était fermé"
    ),
    "Dismiss": "Ignorer",
    "Hide this message until Blender is started again. The history keeps the objects": (
        "Masque ce message jusqu’au prochain démarrage de Blender. L’historique conserve les objets"
    ),
    "{count} objects were finished while this file was closed.": (
        "{count} objets ont été terminés pendant que ce fichier était fermé."
    ),
    "An object was finished while this file was closed.": "Un objet a été terminé pendant que ce fichier était fermé.",
    'The folder of "{name}" was deleted. Generate the object again.': 'Le dossier de « {name} » a été supprimé. Générez à nouveau l’objet.',
    "The job is no longer in the jobs folder.": "La tâche n’est plus dans le dossier des tâches.",
    "Objects can be imported only in Object Mode. Switch to Object Mode first.": (
        "Les objets ne peuvent être importés qu’en mode Objet. Passez d’abord en mode Objet."
    ),
    "The mesh {mesh} is missing. Generate the object again.": (
        "Le maillage {mesh} est introuvable. Générez l’objet à nouveau."
    ),
    "Cannot read the mesh {mesh} ({reason}). Generate the object again.": (
        "Impossible de lire le maillage {mesh} ({reason}). Générez l’objet à nouveau."
    ),
    "The file {mesh} contains no mesh. Generate the object again.": (
        "Le fichier {mesh} ne contient aucun maillage. Générez l’objet à nouveau."
    ),
    'The scene "{scene}" is linked from another file and cannot take objects. Open another scene.': (
        "La scène « {scene} » est liée depuis un autre fichier et ne peut pas recevoir d’objets. Ouvrez une autre scène."
    ),
    "The job has no mesh. Resume it, or generate the object again.": (
        "La tâche n’a pas de maillage. Reprenez-la ou générez l’objet à nouveau."
    ),
    "Blender refused the import. Click Import Again.": "Blender a refusé l’importation. Cliquez sur Réimporter.",
    "The object cannot be imported ({reason}). Click Import Again.": (
        "Impossible d’importer l’objet ({reason}). Cliquez sur Réimporter."
    ),
    "Select New Objects": "Sélectionner les nouveaux objets",
    "Select an object when it arrives and make it active. Otherwise the selection does not change": (
        "Sélectionne un objet à son arrivée et le rend actif. Sinon, la sélection ne change pas"
    ),
    "Import Result": "Importer le résultat",
    "Import the finished object at the 3D cursor": "Importe l’objet terminé au curseur 3D",
    "In Photo...": "Dans une photo...",
    "In rows and columns, in list order": "En lignes et colonnes, dans l’ordre de la liste",
    "In rows and columns, sorted by name": "En lignes et colonnes, triés par nom",
    "Install": "Installer",
    "Install Backend": "Installer le moteur",
    "Install PyTorch and other packages outside of Blender. Shows contents, sources and destination for confirmation":
        "Installe PyTorch et d’autres paquets en dehors de Blender. Affiche le contenu, les sources et la destination pour confirmation",
    "Installed: PyTorch {version} {build}": "Installé : PyTorch {version} {build}",
    "Job": "Tâche",
    "Jobs Folder": "Dossier des tâches",
    "Jobs folder on the remote host. Leave empty to use its default jobs folder":
        "Dossier des tâches sur l’hôte distant. Laissez vide pour utiliser son dossier par défaut",
    "Keep Backend (Minutes)": "Garder le moteur (minutes)",
    "Minutes for which the backend stays in memory after its last job, so that the next object starts at once. It then uses about 0.6 GB. 0: it ends at once":
        "Minutes pendant lesquelles le moteur reste en mémoire après sa dernière tâche, pour que l’objet suivant démarre aussitôt. Il occupe alors environ 0,6 Go. 0 : il se termine aussitôt",
    "Layout of the objects": "Disposition des objets",
    "Layout of the objects around the 3D cursor": "Disposition des objets autour du curseur 3D",
    "Light": "Lumière",
    "Light Rig": "Éclairage",
    "Light the selected objects and replace the previous rig. An empty at their center moves and rotates all lights":
        "Éclaire les objets sélectionnés et remplace l’éclairage précédent. Un objet vide en leur centre déplace et tourne toutes les lumières",
    "Lighting setup": "Configuration d’éclairage",
    "List": "Liste",
    "Loading the model": "Chargement du modèle",
    "Longest Side": "Plus grand côté",
    "Maximum rotation of scattered objects": "Rotation maximale des objets éparpillés",
    "Minimum distance between objects": "Distance minimale entre les objets",
    "Model": "Modèle",
    "Model Mirror": "Miroir des modèles",
    "Models": "Modèles",
    "Models Folder": "Dossier des modèles",
    "Name in the list of models, or owner/name on the Hub":
        "Nom dans la liste des modèles, ou propriétaire/nom sur le Hub",
    "Negative Prompt": "Texte négatif",
    "New Seed": "Nouvelle graine",
    "No connection to {host}. Retrying": "Pas de connexion à {host}. Nouvel essai",
    "No jobs yet": "Aucune tâche",
    "No matching jobs": "Aucune tâche correspondante",
    "None": "Aucun",
    "Number of frames of one rotation": "Nombre d’images d’une rotation",
    "Number of objects to generate with consecutive seeds, placed side by side":
        "Nombre d’objets à générer avec des graines consécutives, placés côte à côte",
    "Number of pages to move. Negative values move back": "Nombre de pages à parcourir. Une valeur négative recule",
    "NVIDIA (CUDA)": "NVIDIA (CUDA)",
    "Objects": "Objets",
    "Offline Packages": "Paquets hors ligne",
    "On Quit": "À la fermeture",
    "on {host}": "sur {host}",
    "One prompt per line": "Un texte par ligne",
    "Open Folder": "Ouvrir le dossier",
    "Open Preferences": "Ouvrir les préférences",
    "Open the add-on preferences": "Ouvre les préférences de l’extension",
    "Open the folder in the file browser of the system": "Ouvre le dossier dans l’explorateur de fichiers du système",
    "Optimizing": "Optimisation",
    "Overall brightness": "Luminosité globale",
    "Override preset values, comma-separated, such as 'mesh.resolution=96'":
        "Valeurs qui remplacent celles du préréglage, séparées par des virgules, par exemple « mesh.resolution=96 »",
    "Overrides": "Surcharges",
    "Paper": "Article",
    "Pattern": "Motif",
    "Pause": "Pause",
    "Pause after the current step": "Met en pause après le pas en cours",
    "Pause Job": "Mettre la tâche en pause",
    "Paused": "En pause",
    "Pausing after the current step": "Pause après le pas en cours",
    "Photo": "Photo",
    "Physical clear sky with sun, for outdoor scenes": "Ciel physique clair avec soleil, pour les scènes d’extérieur",
    "PixArt": "PixArt",
    "Place": "Placer",
    "Place in Photo": "Placer dans une photo",
    "A sun and ambient light in the photo's mean color. Other lights are hidden while it is on":
        "Un soleil et une lumière ambiante de la couleur moyenne de la photo. Les autres lumières sont masquées tant qu’elle est active",
    "A photo has only one view. Click Remove Photo before you add a turntable.":
        "Une photo n’a qu’un seul point de vue. Cliquez sur « Retirer la photo » avant d’ajouter un plateau tournant.",
    "As Generated": "Telle que générée",
    "Custom": "Personnalisée",
    "Fit Selected": "Adapter à la sélection",
    "Keep the size of the generated mesh, about one unit": "Conserve la taille du maillage généré, environ une unité",
    "Length": "Longueur",
    "Longest side of new objects. With Real World, only of those without a known size. 0 keeps the generated size":
        "Plus long côté des nouveaux objets. Avec « Monde réel », uniquement des objets sans taille connue. 0 conserve la taille générée",
    "Photo Light": "Lumière de la photo",
    "Photo behind the objects": "Photo derrière les objets",
    "Place the selected objects at the ground point of the photo, with the same settings":
        "Place les objets sélectionnés au point au sol de la photo, avec les mêmes réglages",
    "Real World": "Monde réel",
    "Remove Photo": "Retirer la photo",
    "Remove Turntable": "Retirer le plateau tournant",
    "Remove the photo with its camera, shadow catcher and light, and restore the settings of the scene":
        "Retire la photo avec sa caméra, son récepteur d’ombres et sa lumière, et rétablit les réglages de la scène",
    "Remove the turntable, and restore the scene camera and the frame range":
        "Retire le plateau tournant et rétablit la caméra et la plage d’images de la scène",
    "Size of new objects": "Taille des nouveaux objets",
    "The same size for all objects": "La même taille pour tous les objets",
    "The scene keeps its own lights.": "La scène garde ses propres lumières.",
    "The typical size of the kind of object in the prompt": "Taille habituelle du type d’objet du prompt",
    "Place in Scene": "Placer dans la scène",
    "Place the active object on the surface below the 3D cursor, optionally at its real size":
        "Place l’objet actif sur la surface sous le curseur 3D, au besoin à sa taille réelle",
    "Place the selected objects in a photo, with a matching camera, shadows on the ground and the photo as background":
        "Place les objets sélectionnés dans une photo, avec une caméra correspondante, des ombres au sol et la photo en arrière-plan",
    "Point light near the viewer and weak ambient light, like the shading during optimization":
        "Lumière ponctuelle près de l’observateur et faible lumière ambiante, comme pendant l’optimisation",
    "Preset": "Préréglage",
    "Prompt": "Texte",
    "Prompts": "Textes",
    "See List": "Voir la liste",
    "No known object": "Aucun objet connu",
    "{count} lines": "{count} lignes",
    "Only \"{object}\" is made": "Seul « {object} » est créé",
    "Without effect: {words}": "Sans effet : {words}",
    "Often poor: \"{object}\"": "Souvent mauvais : « {object} »",
    "Use Model": "Utiliser le modèle",
    "Use this model": "Utilise ce modèle",
    "Objects and Colors": "Objets et couleurs",
    "Search the objects and colors that the model can make, and put one in the prompt":
        "Cherche parmi les objets et couleurs que le modèle peut créer et en place un dans le texte",
    "Move the lines of the prompt to a list, with one object for each line":
        "Déplace les lignes du texte dans une liste, avec un objet par ligne",
    "Large Models": "Grands modèles",
    "This job ran on {host}, which is not your remote host. To continue, enter it in the preferences.":
        "Cette tâche s’est exécutée sur {host}, qui n’est pas votre hôte distant. Pour continuer, indiquez-le dans les préférences.",
    "This job ran on {host} with other folders or another Python than in your preferences. To continue, enter those there.":
        "Cette tâche s’est exécutée sur {host} avec d’autres dossiers ou un autre Python que dans vos préférences. Pour continuer, indiquez-les dans les préférences.",
    "it is damaged or refers to other files": "il est endommagé ou renvoie à d’autres fichiers",
    "Open the list of models in the preferences": "Ouvre la liste des modèles dans les préférences",
    "Generate Anyway": "Générer quand même",
    "Generate this prompt?": "Générer ce texte ?",
    "This preset is for other models.": "Ce préréglage est destiné à d’autres modèles.",
    "The model {name} is not downloaded.": "Le modèle {name} n’est pas téléchargé.",
    "There is no model \"{name}\".": "Il n’y a pas de modèle « {name} ».",
    "Use \"{prompt}\"": "Utiliser « {prompt} »",
    "The prompt has {count} lines, but a job makes one object.":
        "Le texte a {count} lignes, mais une tâche crée un seul objet.",
    "The prompt names no object that the model can make.": "Le texte ne nomme aucun objet que le modèle peut créer.",
    "The list has {count} lines. Click Generate Scene.":
        "La liste a {count} lignes. Cliquez sur Générer la scène.",
    "Object": "Objet",
    "Color": "Couleur",
    "airplane": "avion",
    "apple": "pomme",
    "ball": "balle",
    "barrel": "tonneau",
    "bear": "ours",
    "bed": "lit",
    "boat": "bateau",
    "bottle": "bouteille",
    "bowl": "bol",
    "bucket": "seau",
    "burger": "hamburger",
    "cactus": "cactus",
    "cake": "gâteau",
    "candle": "bougie",
    "capsule": "capsule",
    "car": "voiture",
    "carrot": "carotte",
    "castle": "château",
    "chair": "chaise",
    "chest": "coffre",
    "cone": "cône",
    "crown": "couronne",
    "cube": "cube",
    "cylinder": "cylindre",
    "donut": "beignet",
    "duck": "canard",
    "fish": "poisson",
    "hammer": "marteau",
    "house": "maison",
    "lamp": "lampe",
    "lighthouse": "phare",
    "mug": "tasse",
    "mushroom": "champignon",
    "pear": "poire",
    "penguin": "manchot",
    "pumpkin": "citrouille",
    "pyramid": "pyramide",
    "rabbit": "lapin",
    "robot": "robot",
    "rocket": "fusée",
    "snowman": "bonhomme de neige",
    "sofa": "canapé",
    "stool": "tabouret",
    "sword": "épée",
    "table": "table",
    "teapot": "théière",
    "tent": "tente",
    "torus": "tore",
    "tree": "arbre",
    "truck": "camion",
    "vase": "vase",
    "wedge": "coin",
    "red": "rouge",
    "orange": "orange",
    "yellow": "jaune",
    "lime": "citron vert",
    "green": "vert",
    "teal": "bleu canard",
    "blue": "bleu",
    "navy": "bleu marine",
    "purple": "violet",
    "pink": "rose",
    "brown": "marron",
    "beige": "beige",
    "white": "blanc",
    "gray": "gris",
    "black": "noir",
    "gold": "doré",
    "Use Prompt": "Utiliser le texte",
    "Use this prompt": "Utilise ce texte",
    "Published values for this model family: thousands of steps, hours on a GPU":
        "Valeurs publiées pour cette famille de modèles : des milliers de pas, des heures sur un GPU",
    "Python executable of the backend's environment on the remote host. Leave empty to use the one that build.py creates in the remote folder":
        "Exécutable Python de l’environnement du moteur sur l’hôte distant. Laissez vide pour utiliser celui que build.py crée dans le dossier distant",
    "Python executable of the backend's environment. Leave empty to use the one that Install Backend creates. The environment variable DREAMFUSION_PYTHON sets the default":
        "Exécutable Python de l’environnement du moteur. Laissez vide pour utiliser celui que crée « Installer le moteur ». La variable d’environnement DREAMFUSION_PYTHON définit la valeur par défaut",
    "PyTorch Build": "Version de PyTorch",
    "PyTorch {version} {build} and {count} smaller packages under free licenses (BSD, Apache, MIT and similar).":
        "PyTorch {version} {build} et {count} paquets plus petits sous licences libres (BSD, Apache, MIT et similaires).",
    "Quality": "Qualité",
    "Queued": "En attente",
    "Cancel All": "Tout annuler",
    "Cancel all waiting and running jobs of the queue. Progress is saved":
        "Annule toutes les tâches en attente et en cours de la file. La progression est enregistrée",
    "Cancel 1 job?": "Annuler 1 tâche ?",
    "Cancel {count} jobs?": "Annuler {count} tâches ?",
    "Progress is saved, and the jobs can be resumed.":
        "La progression est enregistrée et les tâches peuvent être reprises.",
    "Resume All": "Tout reprendre",
    "Resume all canceled and failed jobs of the queue from their last checkpoints":
        "Reprend toutes les tâches annulées et échouées de la file à leur dernier point de contrôle",
    "Retry Failed": "Réessayer les échecs",
    "Resume all failed jobs of the queue from their last checkpoints":
        "Reprend toutes les tâches échouées de la file à leur dernier point de contrôle",
    "Move Job": "Déplacer la tâche",
    "Move the waiting job up or down in the queue. Jobs that have started keep their place":
        "Déplace la tâche en attente vers le haut ou le bas de la file. Les tâches commencées gardent leur place",
    "Number of places to move. Negative values move up":
        "Nombre de places. Les valeurs négatives déplacent vers le haut",
    "Only jobs that wait on this computer can be moved.":
        "Seules les tâches en attente sur cet ordinateur peuvent être déplacées.",
    "Select Object": "Sélectionner l’objet",
    "Select the objects of the job in this scene": "Sélectionne les objets de la tâche dans cette scène",
    "Select Objects": "Sélectionner les objets",
    "Mark as Asset": "Marquer comme asset",
    "Mark the objects of the job as assets, with the prompt as description and the preview as picture":
        "Marque les objets de la tâche comme assets, avec le texte comme description et l’aperçu comme image",
    "Mark All as Assets": "Tout marquer comme assets",
    "This scene has no object of this job. Import it first.":
        "Cette scène ne contient aucun objet de cette tâche. Importez-le d’abord.",
    "The object is hidden or cannot be selected. Change that in the Outliner.":
        "L’objet est masqué ou ne peut pas être sélectionné. Modifiez cela dans le synopsis.",
    "Objects can be selected only in Object Mode. Switch to Object Mode first.":
        "Les objets ne peuvent être sélectionnés qu’en mode objet. Passez d’abord en mode objet.",
    "1 object is an asset now.": "1 objet est maintenant un asset.",
    "{count} objects are assets now.": "{count} objets sont maintenant des assets.",
    "Delete \"{prompt}\"?": "Supprimer « {prompt} » ?",
    "Show the whole prompt": "Affiche le texte entier",
    "Copy the prompt to the clipboard": "Copie le texte dans le presse-papiers",
    "Add Prompt": "Ajouter un texte",
    "Add a prompt to the list": "Ajoute un texte à la liste",
    "Remove Prompt": "Retirer le texte",
    "Remove the selected prompt from the list": "Retire de la liste le texte sélectionné",
    "Move Prompt": "Déplacer le texte",
    "Move the selected prompt up or down in the list":
        "Déplace le texte sélectionné vers le haut ou le bas de la liste",
    "Paste Prompts": "Coller des textes",
    "Add each line of the clipboard to the list": "Ajoute à la liste chaque ligne du presse-papiers",
    "The clipboard has no text.": "Le presse-papiers ne contient pas de texte.",
    "One prompt per line. Shift Enter starts a new line":
        "Un texte par ligne. Maj+Entrée commence une nouvelle ligne",
    "{done} of {count} done": "{done} sur {count} terminés",
    "{count} failed": "{count} en échec",
    "{count} jobs": "{count} tâches",
    "Show or hide the jobs of the list": "Affiche ou masque les tâches de la liste",
    "Fold List": "Replier la liste",
    "All lists: {text}": "Toutes les listes : {text}",
    "Import finished objects of a list into the scene that they were generated for": "Importe les objets terminés d'une liste dans la scène pour laquelle ils ont été générés",
    "Add Generated Objects": "Ajouter les objets générés",
    "Let the workers of Flamenco generate one object per prompt of the list. The objects arrive in this scene while it is open": "Fait générer par les workers de Flamenco un objet par prompt de la liste. Les objets arrivent dans cette scène tant qu'elle est ouverte",
    "Submit to Flamenco": "Envoyer à Flamenco",
    "Flamenco Manager": "Manager Flamenco",
    "Address of a Flamenco Manager, such as http://manager:8080. Its workers need the jobs folder and the backend": "Adresse d'un Manager Flamenco, par exemple http://manager:8080. Ses workers ont besoin du dossier des tâches et du backend",
    "Enter the address of the Flamenco Manager in the preferences.": "Indiquez l'adresse du Manager Flamenco dans les préférences.",
    "Random positions, the largest object in the center": "Positions aléatoires, le plus grand objet au centre",
    "Random Rotation": "Rotation aléatoire",
    "Random seed. The same prompt, preset and seed generate the same object":
        "Graine aléatoire. Les mêmes texte, préréglage et graine génèrent le même objet",
    "Real-world size. 0 keeps the current size": "Taille réelle. 0 conserve la taille actuelle",
    "Refining the object": "Affinage de l’objet",
    "Relight": "Rééclairer",
    "Remote Folder": "Dossier distant",
    "Remote Host": "Hôte distant",
    "Remote Jobs": "Tâches distantes",
    "Remote Python": "Python distant",
    "Remove Backend": "Supprimer le moteur",
    "Remove Model": "Supprimer le modèle",
    "Remove Rig": "Retirer l’éclairage",
    "Remove the lights and the world of the rig. Other lights are kept":
        "Retire les lumières et le monde de l’éclairage. Les autres lumières sont conservées",
    "Replaces the previous rig": "Remplace l’éclairage précédent",
    "Restart": "Redémarrer",
    "Restart DreamFusion": "Redémarrer DreamFusion",
    "Restart the add-on and reload all jobs. Running jobs are not affected":
        "Redémarre l’extension et recharge toutes les tâches. Les tâches en cours ne sont pas affectées",
    "Restore the last deleted job": "Restaure la dernière tâche supprimée",
    "Resume": "Reprendre",
    "Resume from the last checkpoint": "Reprend à partir du dernier point de contrôle",
    "Resume Job": "Reprendre la tâche",
    "Return when the objects are in the scene. Blender does not respond until then. For scripts":
        "Rend la main une fois les objets dans la scène. D’ici là, Blender ne répond pas. Pour les scripts",
    "Rig": "Schéma",
    "Rim": "Contre-jour",
    "Rotate": "Rotation de",
    "Rotate camera or objects": "Faire tourner la caméra ou les objets",
    "Rotation": "Rotation",
    "Row": "Rangée",
    "Run jobs on another computer over SSH": "Exécute les tâches sur un autre ordinateur par SSH",
    "Run jobs on this computer": "Exécute les tâches sur cet ordinateur",
    "Run On": "Exécuter sur",
    "Running": "En cours",
    "Sana": "Sana",
    "Scatter": "Éparpiller",
    "Scene from List": "Scène à partir d’une liste",
    "Search": "Rechercher",
    "Seed": "Graine",
    "seed {seed}": "graine {seed}",
    "Select objects first.": "Sélectionnez d’abord des objets.",
    "Show Log": "Voir le journal",
    "Show the available models with their licenses and sizes":
        "Affiche les modèles disponibles avec leurs licences et leurs tailles",
    "Show the end of the log": "Affiche la fin du journal",
    "Side by side, in list order": "Côte à côte, dans l’ordre de la liste",
    "Side by side, sorted by name": "Côte à côte, triés par nom",
    "Size": "Taille",
    "Size: about 1.6 GB on disk.": "Taille : environ 1,6 Go sur le disque.",
    "Size: about 7 GB to download and up to 20 GB on disk, including AMD libraries under AMD's licenses.":
        "Taille : environ 7 Go à télécharger et jusqu’à 20 Go sur le disque, y compris les bibliothèques d’AMD sous leurs licences.",
    "Size: about {size} GB ({free} GB free).": "Taille : environ {size} Go ({free} Go libres).",
    "Size: several GB on disk, including NVIDIA libraries under NVIDIA's license.":
        "Taille : plusieurs Go sur le disque, y compris les bibliothèques de NVIDIA sous leur licence.",
    "Sky": "Ciel",
    "Soft key, fill and rim lights": "Lumières douces : principale, d’appoint et de contour",
    "Specular": "Spéculaire",
    "SSH destination, such as me@gpu-box or an alias from your SSH configuration. The login must work without a password":
        "Destination SSH, par exemple moi@gpu-box ou un alias de votre configuration SSH. La connexion doit fonctionner sans mot de passe",
    "Stable Diffusion": "Stable Diffusion",
    "Stable Diffusion 3": "Stable Diffusion 3",
    "Stable Diffusion XL": "Stable Diffusion XL",
    "Start": "Démarrer",
    "Starting the backend": "Démarrage du moteur",
    "Step": "Pas",
    "Step {step} of {total}": "Pas {step} sur {total}",
    "Stop Jobs": "Arrêter les tâches",
    "Stop the backend. Progress is saved, and the jobs can be resumed":
        "Arrête le moteur. La progression est enregistrée et les tâches peuvent être reprises",
    "Stopped unexpectedly": "Arrêt inattendu",
    "Strength": "Intensité",
    "Sun": "Soleil",
    "Switched the render engine to Cycles, which supports shadow catchers.":
        "Le moteur de rendu est passé à Cycles, qui prend en charge les capteurs d’ombres.",
    "Text with one prompt per line. Lines that start with # are skipped":
        "Texte contenant une description par ligne. Les lignes commençant par # sont ignorées",
    "The backend finishes the jobs. They are available when Blender starts again":
        "Le moteur termine les tâches. Elles sont disponibles au prochain démarrage de Blender",
    "The build for the GPU of this computer, or the CPU build":
        "La version pour le GPU de cet ordinateur, ou la version pour processeur",
    "The camera circles the objects. The lighting on the objects does not change":
        "La caméra tourne autour des objets. Leur éclairage ne change pas",
    "The copy on {host} is kept.": "La copie sur {host} est conservée.",
    "The ground point is not below the horizon. Lower the ground point or raise the horizon.":
        "Le point au sol n’est pas sous l’horizon. Abaissez le point au sol ou relevez l’horizon.",
    "The job and its files can be restored for 7 days.":
        "La tâche et ses fichiers peuvent être restaurés pendant 7 jours.",
    "The object cannot be that large at this point. Choose a smaller height.":
        "L’objet ne peut pas être aussi grand à cet endroit. Choisissez une hauteur plus petite.",
    "The objects rotate in front of a fixed camera. The lighting on the objects changes":
        "Les objets tournent devant une caméra fixe. Leur éclairage change",
    "The PyTorch files of this build cannot be verified; they are downloaded only from PyTorch's index.":
        "Les fichiers PyTorch de cette version ne peuvent pas être vérifiés ; ils sont téléchargés uniquement depuis l’index de PyTorch.",
    "The size is the height of the object": "La taille est la hauteur de l’objet",
    "The size is the longest side of the object": "La taille est le plus grand côté de l’objet",
    "The size is the width of the object from left to right": "La taille est la largeur de l’objet, de gauche à droite",
    "This Computer": "Cet ordinateur",
    "This model is gated. Accept its license at {page}, then log in with 'hf auth login' in a terminal.":
        "L’accès à ce modèle est restreint. Acceptez sa licence sur {page}, puis connectez-vous avec « hf auth login » dans un terminal.",
    "This scene has no job. Press Generate first.": "Cette scène n’a pas de tâche. Cliquez d’abord sur Générer.",
    "Three-Point": "Trois points",
    "Tilt the object with the surface instead of keeping it upright":
        "Incline l’objet avec la surface au lieu de le garder droit",
    "To: {place}": "Vers : {place}",
    "Trade-off between speed and detail": "Compromis entre vitesse et détail",
    "Try Again": "Réessayer",
    "Turntable": "Plateau tournant",
    "Two lights from behind and a weak fill light, for a bright outline":
        "Deux lumières de derrière et une faible lumière d’appoint, pour un contour lumineux",
    "Under Cursor": "Sous le curseur",
    "Undo": "Annuler",
    "Undo Delete Job": "Rétablir la tâche",
    "URL of a Hub-compatible mirror": "URL d’un miroir compatible avec le Hub",
    "Variations": "Variantes",
    "Wait": "Attendre",
    "Waiting for the previous job": "Attend la tâche précédente",
    "Waiting for {count} jobs": "Attend {count} tâches",
    "What happens to running jobs when Blender quits or the add-on is disabled":
        "Ce qui arrive aux tâches en cours quand Blender se ferme ou que l’extension est désactivée",
    "What to avoid": "Ce qu’il faut éviter",
    "Where new jobs run. Running jobs are not affected":
        "Où s’exécutent les nouvelles tâches. Les tâches en cours ne sont pas affectées",
    "Where the objects touch the ground, as fractions of the photo's width and height from the bottom left":
        "Où les objets touchent le sol, en fractions de la largeur et de la hauteur de la photo depuis le coin inférieur gauche",
    "Width": "Largeur",
    "{count} of {all} objects could not be generated: {prompts}.":
        "{count} objets sur {all} n’ont pas pu être générés : {prompts}.",
    "{number} of {count}": "{number} sur {count}",
    "{size} GB": "{size} Go",
    "{title}. License: {license}.": "{title}. Licence : {license}.",
    "\"{name}\" has no faces after its modifiers. Turn some off.":
        "« {name} » n’a plus de faces après ses modificateurs. Désactivez-en.",
    "\"{name}\" has no faces. Choose an object with faces.":
        "« {name} » n’a pas de faces. Choisissez un objet avec des faces.",
    "\"{name}\" has no vertex group \"{group}\". Choose one of its vertex groups, or turn the mask off.":
        "« {name} » n’a pas de groupe de sommets « {group} ». Choisissez un de ses groupes ou désactivez le masque.",
    "\"{name}\" has {count} UV maps, and Blender allows no more. Remove one.":
        "« {name} » a {count} cartes UV, et Blender n’en permet pas plus. Supprimez-en une.",
    "\"{name}\" has {count} triangles, the limit is {limit}. Use a Decimate modifier or fewer subdivisions.":
        "« {name} » a {count} triangles, la limite est {limit}. Utilisez un modificateur Décimer ou moins de subdivisions.",
    "\"{name}\" is hidden in this view layer. Show it, because its modifiers are evaluated only then.":
        "« {name} » est masqué dans ce calque de vue. Affichez-le : ses modificateurs ne sont évalués qu’alors.",
    "\"{name}\" is linked from another file. Make a library override with Object > Library Override, or make it local.":
        "« {name} » est lié depuis un autre fichier. Créez une redéfinition avec Objet > Redéfinition de bibliothèque, ou rendez-le local.",
    "\"{name}\" is not a mesh. Choose a mesh object.":
        "« {name} » n’est pas un maillage. Choisissez un objet maillage.",
    "\"{name}\" is not a mesh. Convert it with Object > Convert.":
        "« {name} » n’est pas un maillage. Convertissez-le avec Objet > Convertir.",
    "-X": "-X",
    "-Y": "-Y",
    "A texture was finished while this file was closed.":
        "Une texture a été terminée pendant que ce fichier était fermé.",
    "A wooden barrel": "A wooden barrel (en anglais)",
    "Active": "Active",
    "Add a UV map with Smart UV Project when the texture arrives. The other UV maps stay":
        "Ajoute une carte UV avec la projection UV intelligente à l’arrivée de la texture. Les autres cartes UV restent",
    "After": "Après",
    "Apply Texture": "Appliquer la texture",
    "Before": "Avant",
    "Before / After": "Avant / Après",
    "Click a mesh object first.": "Cliquez d’abord sur un objet maillage.",
    "Description of the painted object, such as 'a wooden barrel'":
        "Description en anglais de l’objet peint, comme « a wooden barrel »",
    "Done. Applied": "Terminé. Appliquée",
    "Done. Applied after the current operation": "Terminé. Appliquée après l’opération en cours",
    "Done. Applying": "Terminé. Application en cours",
    "Done. Not applied": "Terminé. Non appliquée",
    "Done. Ready to apply": "Terminé. Prête à appliquer",
    "Done. Switch to Object Mode to apply": "Terminé. Passez en mode Objet pour l’appliquer",
    "Front": "Avant de l’objet",
    "Give the object its own mesh data if other objects share it and it must change":
        "Donne à l’objet ses propres données de maillage si d’autres objets les partagent et qu’elles doivent changer",
    "How far the colors may depart from the present ones. 1 ignores them":
        "De combien les couleurs peuvent s’écarter des couleurs actuelles. 1 les ignore",
    "Import Copy": "Importer une copie",
    "Make Single User": "Rendre utilisateur unique",
    "Mask": "Masque",
    "Material Words": "Mots de matière",
    "Name of the object. Leave empty for the active one": "Nom de l’objet. Laissez vide pour l’objet actif",
    "New": "Nouvelle",
    "No object is active. Click the object to paint.": "Aucun objet n’est actif. Cliquez sur l’objet à peindre.",
    "Objects can be painted only in Object Mode. Switch to Object Mode first.":
        "Les objets ne peuvent être peints qu’en mode Objet. Passez d’abord en mode Objet.",
    "Paint as much as the weights of a vertex group say, with soft edges":
        "Peint selon les poids d’un groupe de sommets, avec des bords doux",
    "Paint only the faces that are selected in Edit Mode": "Ne peint que les faces sélectionnées en mode Édition",
    "Paint the active mesh from a prompt. Its shape does not change":
        "Peint le maillage actif d’après un prompt. Sa forme ne change pas",
    "Paint the whole object": "Peint tout l’objet",
    "Paint through the UV map that the mesh has": "Peint avec la carte UV du maillage",
    "Put the finished texture on the object that it was made for":
        "Met la texture terminée sur l’objet pour lequel elle a été faite",
    "Put the texture of the job on its object, as it is now":
        "Met la texture de la tâche sur son objet, tel qu’il est maintenant",
    "Selected Faces": "Faces sélectionnées",
    "Show": "Afficher",
    "ControlNet": "ControlNet",
    "Depth ControlNet that keeps the painting on the shape of the object: a folder or a .safetensors file, for models of Stable Diffusion 1, 2 or XL. Empty: the one in the model's folder, if there is one":
        "ControlNet de profondeur qui fait suivre à la peinture la forme de l’objet : un dossier ou un fichier .safetensors, pour les modèles Stable Diffusion 1, 2 ou XL. Vide : celui du dossier du modèle, s’il existe",
    "Strength of the ControlNet. 0 switches it off, 1 is its full effect":
        "Intensité du ControlNet. 0 le désactive, 1 est son plein effet",
    "Side of new textures in pixels. With a mask or a lower strength, an image keeps its size":
        "Côté des nouvelles textures en pixels. Avec un masque ou une force réduite, une image garde sa taille",
    "Single-User Data": "Données à utilisateur unique",
    "Strength and Mask use one color for the material \"{name}\": its base color is not an image.":
        "La force et le masque utilisent une seule couleur pour le matériau « {name} » : sa couleur de base n’est pas une image.",
    "Strength uses one color for the material \"{name}\": its image uses another UV map.":
        "La force utilise une seule couleur pour le matériau « {name} » : son image utilise une autre carte UV.",
    "Switch between the materials before and after the last texture":
        "Bascule entre les matériaux d’avant et d’après la dernière texture",
    "Texture": "Texture",
    "Texture Object": "Texturer l’objet",
    "Texture Size": "Taille de la texture",
    "Texture from Prompt": "Texture d’après un prompt",
    "The 3D Viewport shows the front of the object": "La vue 3D montre l’avant de l’objet",
    "The Others": "Les autres",
    "The UV map \"{name}\" crosses the border of its tile. Move each island into one tile, or choose New.":
        "La carte UV « {name} » dépasse le bord de sa tuile. Déplacez chaque îlot dans une tuile ou choisissez Nouvelle.",
    "The UV map \"{name}\" has no area. Unwrap the object, or choose New as UV Map.":
        "La carte UV « {name} » n’a pas de surface. Dépliez l’objet ou choisissez Nouvelle comme carte UV.",
    "The UV map of \"{name}\" has changed. Undo that and click Apply Texture, or import a painted copy.":
        "La carte UV de « {name} » a changé. Annulez cela et cliquez sur Appliquer la texture, ou importez une copie peinte.",
    "The UV map that the texture uses. An object without one gets a new one":
        "La carte UV qu’utilise la texture. Un objet qui n’en a pas en reçoit une",
    "The UV map {file} is missing or damaged. Start the job again.":
        "La carte UV {file} est absente ou endommagée. Relancez la tâche.",
    "The faces of \"{name}\" have changed. Undo that and click Apply Texture, or import a painted copy.":
        "Les faces de « {name} » ont changé. Annulez cela et cliquez sur Appliquer la texture, ou importez une copie peinte.",
    "The files of the job are missing. Start a new one from the object.":
        "Les fichiers de la tâche sont absents. Lancez-en une nouvelle depuis l’objet.",
    "The image \"{name}\" cannot be read. Find its file, then try again.":
        "L’image « {name} » est illisible. Retrouvez son fichier, puis réessayez.",
    "The image \"{name}\" is larger than {size} pixels. Scale it down, or turn off Strength and Mask.":
        "L’image « {name} » dépasse {size} pixels. Réduisez-la, ou n’utilisez ni force ni masque.",
    "The image of the material \"{name}\" uses another UV map. Choose Active as UV Map, or no mask.":
        "L’image du matériau « {name} » utilise une autre carte UV. Choisissez Active comme carte UV, ou aucun masque.",
    "The job does not name the object that it paints. Import a painted copy.":
        "La tâche n’indique pas quel objet elle peint. Importez une copie peinte.",
    "The mask would change all of \"{name}\", which is not an sRGB image with 8 bits. Convert it first.":
        "Le masque changerait tout « {name} », qui n’est pas une image sRGB à 8 bits. Convertissez-la d’abord.",
    "The materials before the last texture": "Les matériaux d’avant la dernière texture",
    "The mesh of \"{name}\" is linked from another file and must change. Turn on Single-User Data.":
        "Le maillage de « {name} » est lié depuis un autre fichier et doit changer. Activez Données à utilisateur unique.",
    "The mesh of \"{name}\" is shared by {count} objects and must change. Turn on Single-User Data.":
        "{count} objets partagent le maillage de « {name} », qui doit changer. Activez Données à utilisateur unique.",
    "The modifiers of \"{name}\" assign materials. Apply these modifiers, or turn them off.":
        "Les modificateurs de « {name} » assignent des matériaux. Appliquez-les ou désactivez-les.",
    "The modifiers of \"{name}\" remove the UV map \"{map}\". Apply these modifiers, or turn them off.":
        "Les modificateurs de « {name} » suppriment la carte UV « {map} ». Appliquez-les ou désactivez-les.",
    "The modifiers of \"{name}\" remove the vertex group \"{group}\". Apply them, or turn the mask off.":
        "Les modificateurs de « {name} » suppriment le groupe de sommets « {group} ». Appliquez-les ou désactivez le masque.",
    "The object \"{name}\" was deleted. Undo that and click Apply Texture, or import a painted copy.":
        "L’objet « {name} » a été supprimé. Annulez cela et cliquez sur Appliquer la texture, ou importez une copie peinte.",
    "The object faces the -X axis of the world": "L’objet fait face à l’axe -X du monde",
    "The object faces the -Y axis of the world, as in Blender's front view":
        "L’objet fait face à l’axe -Y du monde, comme dans la vue de face de Blender",
    "The object faces the X axis of the world": "L’objet fait face à l’axe X du monde",
    "The object faces the Y axis of the world": "L’objet fait face à l’axe Y du monde",
    "The object gets a UV map.": "L’objet reçoit une carte UV.",
    "The object has no texture of a job that could be switched off.":
        "L’objet n’a aucune texture d’une tâche à désactiver.",
    "The painted materials": "Les matériaux peints",
    "The part of the object that is painted. The rest of its texture does not change":
        "La partie de l’objet qui est peinte. Le reste de sa texture ne change pas",
    "The side of the object that the prompt shows from the front": "Le côté de l’objet que le prompt montre de face",
    "The texture {file} is missing. Resume the job, or start it again.":
        "La texture {file} est absente. Reprenez la tâche ou relancez-la.",
    "The tiled image \"{name}\" has unsaved changes. Save it in the Image Editor first.":
        "L’image en tuiles « {name} » a des modifications non enregistrées. Enregistrez-la d’abord dans l’éditeur d’images.",
    "The vertex group of the mask. Weights between 0 and 1 are a soft edge":
        "Le groupe de sommets du masque. Les poids entre 0 et 1 forment un bord doux",
    "There is no 3D Viewport that shows the front. Choose an axis as the front.":
        "Aucune vue 3D ne montre l’avant. Choisissez un axe comme avant.",
    "There is no object \"{name}\" in this view layer.": "Il n’y a pas d’objet « {name} » dans ce calque de vue.",
    "Those that the object does not show now": "Ceux que l’objet ne montre pas actuellement",
    "UV Map": "Carte UV",
    "Vertex Group": "Groupe de sommets",
    "View": "Vue",
    "Which materials the object shows": "Quels matériaux l’objet montre",
    "Words such as 'wooden' or 'gold' in the prompt set roughness and metallic":
        "Des mots comme « wooden » ou « gold » dans le prompt règlent la rugosité et le métallique",
    "X": "X",
    "Y": "Y",
    "{count} triangles have no area in the UV map and are not painted.":
        "{count} triangles n’ont pas de surface dans la carte UV et ne sont pas peints.",
    "{share} of the texture is shared by parts of the object. Choose New as UV Map to paint them separately.":
        "Des parties de l’objet partagent {share} de la texture. Choisissez Nouvelle comme carte UV pour les peindre séparément.",
    "Image": "Image",
    "Side": "Côté",
    "Use Viewport": "Utiliser la vue",
    "Use a picture of the 3D Viewport as the image, without overlays and background. The side and the elevation are those of the view":
        "Utilise une image de la vue 3D, sans surimpressions ni arrière-plan. Le côté et l’élévation sont ceux de la vue",
    "Image of one object with a plain or transparent background. The front of new objects follows it. Leave empty to use only the prompt":
        "Image d’un objet sur un fond uni ou transparent. L’avant des nouveaux objets la suit. Laissez vide pour n’utiliser que le prompt",
    "How closely the object follows the image": "À quel point l’objet suit l’image",
    "Side of the object that the image shows. 0° is the front, 90° the side to the right of it":
        "Côté de l’objet que montre l’image. 0° est l’avant, 90° le côté à sa droite",
    "Height of the camera of the image above the horizon":
        "Hauteur de la caméra de l’image au-dessus de l’horizon",
    "The front of new objects follows it.": "L’avant des nouveaux objets la suit.",
    "The pixels of \"{name}\" are not accessible. Save it as an image, and open that.":
        "Les pixels de « {name} » ne sont pas accessibles. Enregistrez-la comme image, puis ouvrez celle-ci.",
    "There is no image \"{name}\", neither in this file nor on the disk.":
        "Il n’y a pas d’image « {name} », ni dans ce fichier ni sur le disque.",
    "Image of {prompt}": "Image de {prompt}",
    "Open a 3D Viewport first.": "Ouvrez d’abord une vue 3D.",
    "Name of an image in this file, or path of an image file, that the front of the object follows":
        "Nom d’une image de ce fichier, ou chemin d’un fichier d’image, que suit l’avant de l’objet",
    "\"{name}\" is a movie, an animation, or a sequence. Save one frame as PNG, and open that.":
        "« {name} » est un film, une animation ou une séquence. Enregistrez une image au format PNG et ouvrez-la.",
    "\"{name}\" has no vertex group \"{group}\". Choose one of its vertex groups, or change the whole object.":
        "« {name} » n'a pas de groupe de sommets « {group} ». Choisissez l'un de ses groupes, ou modifiez tout l'objet.",
    "\"{name}\" has shape keys, which do not fit another mesh. Remove them, or change a copy.":
        "« {name} » a des clés de forme, qui ne conviennent pas à un autre maillage. Supprimez-les, ou modifiez une copie.",
    "\"{name}\" is linked from another file. Make it local with Object > Relations > Make Local.":
        "« {name} » est lié depuis un autre fichier. Rendez-le local avec Objet > Relations > Rendre local.",
    "A blue mug": "A blue mug (en anglais)",
    "All": "Tout",
    "Amount": "Quantité",
    "Apply Change": "Appliquer la modification",
    "Change": "Modifier",
    "Change Object": "Modifier l'objet",
    "Change as much as the weights of a vertex group say": "Modifie selon les poids d'un groupe de sommets",
    "Change from Prompt": "Modifier d'après le prompt",
    "Change only around the faces that are selected in Edit Mode":
        "Modifie seulement autour des faces sélectionnées en mode Édition",
    "Change the whole object": "Modifie tout l'objet",
    "Description of the new version, such as 'a blue mug'":
        "Description de la nouvelle version, par exemple « a blue mug »",
    "Give the object its own mesh data if other objects share it":
        "Donne à l'objet ses propres données de maillage si d'autres objets les partagent",
    "How much changes. Up to 0.5, the shape stays and only the colors change. With 1, the old shape is only a hint":
        "L'ampleur du changement. Jusqu'à 0,5, la forme reste et seules les couleurs changent. Avec 1, l'ancienne forme n'est qu'un indice",
    "Import what the job has made as another object, where its object stood when the job was started":
        "Importe le résultat de la tâche comme un autre objet, là où se trouvait son objet au lancement de la tâche",
    "Make another version of the active object from a new prompt, in its place":
        "Crée une autre version de l'objet actif d'après un nouveau prompt, à sa place",
    "No object is active. Click the object to change.": "Aucun objet n'est actif. Cliquez sur l'objet à modifier.",
    "Objects can be changed only in Object Mode. Switch to Object Mode first.":
        "Les objets ne peuvent être modifiés qu'en mode Objet. Passez d'abord en mode Objet.",
    "Only the colors change.": "Seules les couleurs changent.",
    "Put the finished version in the place of the object that it was made from":
        "Met la version terminée à la place de l'objet dont elle provient",
    "Put the new version in the place of the object, as it is now":
        "Met la nouvelle version à la place de l'objet, tel qu'il est maintenant",
    "Region": "Région",
    "The job does not name the object that it changes. Import a copy.":
        "La tâche n'indique pas l'objet qu'elle modifie. Importez une copie.",
    "The mesh of \"{name}\" has changed. Undo that and click Apply Change, or import a copy.":
        "Le maillage de « {name} » a changé. Annulez cela et cliquez sur « Appliquer la modification », ou importez une copie.",
    "The object \"{name}\" was deleted. Undo that and click Apply Change, or import a copy.":
        "L'objet « {name} » a été supprimé. Annulez cela et cliquez sur « Appliquer la modification », ou importez une copie.",
    "The part of the object that changes": "La partie de l'objet qui change",
    "The region is empty. Select some faces in Edit Mode, or change the whole object.":
        "La région est vide. Sélectionnez des faces en mode Édition, ou modifiez tout l'objet.",
    "The shape changes, too.": "La forme change aussi.",
    "The vertex group of the region. Weights between 0 and 1 are a soft edge":
        "Le groupe de sommets de la région. Les poids entre 0 et 1 forment un bord progressif",
    "\"{name}\" has no surface to start from. Choose a mesh, a curve, or a text.":
        "« {name} » n’a pas de surface de départ. Choisissez un maillage, une courbe ou un texte.",
    "Freedom": "Liberté",
    "Generate an object from the prompt that starts from the selected objects and stands in their place":
        "Génère un objet à partir du prompt, qui part des objets sélectionnés et prend leur place",
    "Hide Originals": "Masquer les originaux",
    "Hide the objects in viewports and renders when the result arrives":
        "Masque les objets dans les vues et dans les rendus à l’arrivée du résultat",
    "How far the shape may depart from the objects. 0 keeps their silhouette, 1 takes them as a hint":
        "Jusqu’où la forme peut s’écarter des objets. 0 garde leur silhouette, 1 les prend comme un indice",
    "Just a hint": "Un simple indice",
    "Keep the silhouette": "Garder la silhouette",
    "Names of the objects to start from, one per line. If it is not set, the objects of the section Start From, if that is on":
        "Noms des objets de départ, un par ligne. Sans indication, les objets de la section Partir de, si elle est activée",
    "No object to start from is selected. Select meshes, curves, or texts.":
        "Aucun objet de départ n’est sélectionné. Sélectionnez des maillages, des courbes ou des textes.",
    "Objects are read in Object Mode. Switch to Object Mode first.":
        "Les objets ne sont lus qu’en mode objet. Passez d’abord en mode objet.",
    "Select the objects to start from.": "Sélectionnez les objets de départ.",
    "Start From": "Partir de",
    "Start From Selected": "Partir de la sélection",
    "Start from the objects that are selected now, instead of the earlier ones":
        "Part des objets sélectionnés maintenant au lieu des précédents",
    "Use Selected": "Utiliser la sélection",
    "Start from the selected objects instead of from nothing. The result stands in their place":
        "Part des objets sélectionnés au lieu de partir de rien. Le résultat prend leur place",
    "Starts from \"{name}\"": "Part de « {name} »",
    "Starts from {count} objects": "Part de {count} objets",
    "The objects have {count} triangles, the limit is {limit}. Select fewer, or use a Decimate modifier.":
        "Les objets ont {count} triangles, la limite est {limit}. Sélectionnez-en moins, ou utilisez un modificateur Décimer.",
    "The selected objects have no faces. Select objects with a surface.":
        "Les objets sélectionnés n’ont pas de faces. Sélectionnez des objets qui ont une surface.",
    "The side of the objects that the prompt shows from the front":
        "Le côté des objets que le prompt montre de face",
    "and {count} more": "et {count} de plus",
    "The job no longer knows where its objects stood. The result stands at the 3D cursor.":
        "La tâche ne sait plus où étaient ses objets. Le résultat se trouve au curseur 3D.",
}
# fmt: on
