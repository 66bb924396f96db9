"""French."""

# ruff: noqa: RUF001 (signs of this language look like ASCII; one row for each text)

# fmt: off
TEXTS: dict[str, str] = {
    "Generate": "Générer",
    "Pause": "Pause",
    "Continue": "Continuer",
    "Cancel": "Annuler",
    "Resume": "Reprendre",
    "Try Again": "Réessayer",
    "Start": "Démarrer",
    "Import": "Importer",
    "Import Again": "Réimporter",
    "Another Seed": "Autre graine",
    "Edit Prompt": "Modifier le texte",
    "Delete": "Supprimer",
    "Undo": "Annuler",
    "Show Log": "Voir le journal",
    "Open Folder": "Ouvrir le dossier",
    "Restart": "Redémarrer",
    "Open Preferences": "Ouvrir les préférences",
    "Copy": "Copier",
    "Cancel Job": "Annuler la tâche",
    "Pause Job": "Mettre la tâche en pause",
    "Continue Job": "Continuer la tâche",
    "Resume Job": "Reprendre la tâche",
    "Import Result": "Importer le résultat",
    "Check Backend": "Vérifier le moteur",
    "New Seed": "Nouvelle graine",
    "Delete Job": "Supprimer la tâche",
    "Undo Delete Job": "Rétablir la tâche",
    "History Page": "Page de l’historique",
    "DreamFusion Log": "Journal DreamFusion",
    "Restart DreamFusion": "Redémarrer DreamFusion",
    "Make an object from the prompt. It arrives at the 3D cursor when it is ready":
        "Crée un objet à partir du texte. Il arrive au curseur 3D dès qu’il est prêt",
    "Stop this job. What it has learned is kept, so it can be resumed":
        "Arrête cette tâche. Ce qu’elle a appris est gardé : elle peut être reprise",
    "Let the job rest after its step, and leave the computer to other work":
        "Laisse la tâche se reposer après son pas et libère l’ordinateur",
    "Go on with the paused job": "Continue la tâche en pause",
    "Go on from the last checkpoint": "Reprend au dernier point de contrôle",
    "Bring the finished object to the 3D cursor of this scene": "Amène l’objet terminé au curseur 3D de cette scène",
    "Ask the backend whether it has everything, and whether this scene's model fits into the memory; the answer appears below":
        "Demande au moteur s’il a tout et si le modèle de cette scène tient en mémoire ; la réponse s’affiche dessous",
    "This scene has no job: press Generate first.": "Cette scène n’a pas de tâche : cliquez d’abord sur Générer.",
    "Another seed makes another object from the same words":
        "Une autre graine donne un autre objet avec les mêmes mots",
    "Make this object again with another seed: same words, another shape":
        "Refait cet objet avec une autre graine : mêmes mots, autre forme",
    "Put the job's words and settings into the fields above, to change them and press Generate":
        "Met le texte et les réglages de la tâche dans les champs ci-dessus, pour les modifier et générer",
    "Delete the job and all its files. It can be brought back for a week":
        "Supprime la tâche et ses fichiers. Elle peut être rétablie pendant une semaine",
    "The job and its files can be brought back for a week.":
        "La tâche et ses fichiers peuvent être rétablis pendant une semaine.",
    "Bring the job back that was deleted last": "Rétablit la dernière tâche supprimée",
    "Leaf through the history": "Feuillette l’historique",
    "Show the end of what the backend wrote": "Montre la fin de ce que le moteur a écrit",
    "Put the log on the clipboard": "Copie le journal dans le presse-papiers",
    "Open the folder in the system's file browser": "Ouvre le dossier dans l’explorateur du système",
    "Open this add-on's preferences": "Ouvre les préférences de cette extension",
    "Forget everything about this session and look at all jobs anew. Jobs go on meanwhile":
        "Oublie cette session et relit toutes les tâches. Les tâches continuent entre-temps",
    "History": "Historique",
    "Advanced": "Avancé",
    "Without": "Sans",
    "A red mushroom": "A red mushroom (en anglais)",
    "No jobs yet": "Aucune tâche",
    "No job has these words": "Aucune tâche ne contient ces mots",
    "Loading the model": "Chargement du modèle",
    "Sculpting": "Sculpture",
    "Making the mesh": "Création du maillage",
    "Painting the texture": "Peinture de la texture",
    "Refining the object": "Affinage de l’objet",
    "Saving the object": "Enregistrement de l’objet",
    "Waiting": "En attente",
    "Waiting for the job before it": "Attend la tâche précédente",
    "Waiting: {count} jobs before it": "En attente : {count} tâches avant elle",
    "Starting the backend": "Démarrage du moteur",
    "(longer than usual: see its log)": "(plus long que d’habitude : voir le journal)",
    "Working": "En cours",
    "Pausing after this step": "Pause après ce pas",
    "Paused": "En pause",
    "Cancelling": "Annulation",
    "Done": "Terminé",
    "Failed": "Échec",
    "Cancelled": "Annulé",
    "Stopped unexpectedly": "Arrêt inattendu",
    "Done, ready to import": "Terminé, prêt à importer",
    "Done, bringing it into the scene": "Terminé, arrive dans la scène",
    "Done, waits until you are back in Object Mode": "Terminé, attend votre retour en mode Objet",
    "Done, in the scene": "Terminé, dans la scène",
    "Done, but the import failed": "Terminé, mais l’import a échoué",
    "Step {step} of {total}": "Pas {step} sur {total}",
    "about {time} left": "environ {time} restantes",
    "seed {seed}": "graine {seed}",
    "Failed without saying why: see the log.": "Échec sans explication : voir le journal.",
    "\"{prompt}\" is deleted.": "« {prompt} » est supprimé.",
    "The add-on met an error ({error}): restart it. Jobs go on meanwhile.":
        "L’extension a rencontré une erreur ({error}) : redémarrez-la. Les tâches continuent entre-temps.",
    "Prompt": "Texte",
    "One object in plain words, such as 'a red mushroom'":
        "Un objet en mots simples, en anglais, comme « a red mushroom »",
    "Negative Prompt": "Texte négatif",
    "What the object should not look like; may stay empty":
        "Ce à quoi l’objet ne doit pas ressembler ; peut rester vide",
    "Preset": "Préréglage",
    "How much time to spend on how much detail": "Combien de temps pour combien de détails",
    "Seed": "Graine",
    "The same prompt, preset and seed make the same object again; another seed makes another one":
        "Mêmes texte, préréglage et graine refont le même objet ; une autre graine en fait un autre",
    "Variations": "Variantes",
    "How many objects to make, one after the other, each with the next seed. They stand side by side":
        "Combien d’objets créer l’un après l’autre, chacun avec la graine suivante. Ils se tiennent côte à côte",
    "Overrides": "Surcharges",
    "Settings over the preset, as 'group.name=value', several with commas between":
        "Réglages prioritaires sur le préréglage, « groupe.nom=valeur », séparés par des virgules",
    "Search": "Rechercher",
    "Words of the prompt, the state, the date or the seed of the jobs to show":
        "Mots du texte, état, date ou graine des tâches à montrer",
    "Backend's Python": "Python du moteur",
    "The python program of the environment that has the backend's requirements. Empty means the one that Install Backend made. The environment variable DREAMFUSION_PYTHON sets the default":
        "Le programme python de l’environnement qui contient ce dont le moteur a besoin. Vide : celui que « Installer le moteur » a créé. La variable d’environnement DREAMFUSION_PYTHON fixe la valeur par défaut",
    "Offline Packages": "Paquets hors ligne",
    "A folder with the backend's packages as wheels, to install without a network; usually empty":
        "Un dossier avec les paquets du moteur (wheels), pour installer sans réseau ; vide d’ordinaire",
    "Install": "Installer",
    "Install Backend": "Installer le moteur",
    "Update Backend": "Mettre à jour le moteur",
    "Repair Backend": "Réparer le moteur",
    "Remove Backend": "Supprimer le moteur",
    "Cancel Installation": "Annuler l’installation",
    "Install what the backend needs, PyTorch above all, outside of Blender. Shows what, from where and to where, and asks":
        "Installe ce dont le moteur a besoin, surtout PyTorch, hors de Blender. Montre quoi, d’où et où, puis demande",
    "End the installation. What was fetched is kept: installing again goes on from there":
        "Arrête l’installation. Ce qui a été obtenu est gardé : réinstaller continue de là",
    "Delete the installed backend. Jobs and their objects stay":
        "Supprime le moteur installé. Les tâches et leurs objets restent",
    "PyTorch {version} {build} and {count} smaller packages, under their own free licenses (BSD, Apache, MIT and the like).":
        "PyTorch {version} {build} et {count} petits paquets, sous leurs licences libres (BSD, Apache, MIT, etc.).",
    "for processors": "pour processeurs",
    "for NVIDIA's cards (CUDA)": "pour cartes NVIDIA (CUDA)",
    "for Apple's GPUs (Metal)": "pour GPU Apple (Metal)",
    "Size: about 1.6 GB on the disk.": "Taille : environ 1,6 Go sur le disque.",
    "Size: several GB on the disk, with NVIDIA's libraries under its license.":
        "Taille : plusieurs Go sur le disque, avec les bibliothèques de NVIDIA sous sa licence.",
    "From: {place}": "Depuis : {place}",
    "To: {place}": "Vers : {place}",
    "An installation is under way.": "Une installation est en cours.",
    "Blender may not go online: allow it in the preferences (System, Network), or name a folder of wheels.":
        "Blender ne peut pas aller en ligne : autorisez-le dans les préférences (Système, Réseau) ou indiquez un dossier de wheels.",
    "Jobs Folder": "Dossier des tâches",
    "Jobs, previews and finished meshes are kept here, one folder each, for all Blender versions. The environment variable DREAMFUSION_JOBS sets the default":
        "Tâches, aperçus et maillages terminés sont gardés ici, un dossier chacun, pour toutes les versions de Blender. La variable d’environnement DREAMFUSION_JOBS fixe la valeur par défaut",
    "On Quitting Blender": "En quittant Blender",
    "What becomes of the jobs that still run when Blender is closed or the add-on is disabled":
        "Ce que deviennent les tâches en cours quand Blender est fermé ou l’extension désactivée",
    "Jobs Go On": "Les tâches continuent",
    "The backend finishes them; the next start of Blender finds them again":
        "Le moteur les termine ; le prochain démarrage de Blender les retrouve",
    "Jobs Stop": "Les tâches s’arrêtent",
    "The backend is ended. What it has learned is kept, and the jobs can be resumed":
        "Le moteur est arrêté. Ce qu’il a appris est gardé et les tâches peuvent être reprises",
    "Relight": "Rééclairer",
    "Place": "Placer",
    "Three-Point": "Trois points",
    "Sun": "Soleil",
    "Rim": "Contre-jour",
    "Paper": "Article",
    "Sky": "Ciel",
    "Key, fill and rim light: soft, and every side readable":
        "Lumières principale, d’appoint et de contour : douces, chaque côté lisible",
    "Hard afternoon sun under a blue sky": "Soleil dur d’après-midi sous un ciel bleu",
    "Two strips of light from behind and a breath of fill: the outline glows":
        "Deux lumières de derrière et un souffle d’appoint : le contour brille",
    "One point light near the viewer and a little of everywhere: how the object was shaded while it was made":
        "Une lumière ponctuelle près du spectateur et un peu de partout : comme l’objet a été éclairé à sa création",
    "A clear physical sky with its sun: outdoors": "Un ciel clair physique avec son soleil : en plein air",
    "Light Rig": "Éclairage",
    "Light the selected objects, in place of the last rig. An empty in their middle moves and turns all lights":
        "Éclaire les objets sélectionnés, à la place du dernier éclairage. Un objet vide au milieu déplace et tourne les lumières",
    "Remove Rig": "Retirer l’éclairage",
    "Take the rig's lights and its world away; lights of your own stay":
        "Retire les lumières et le monde de l’éclairage ; les vôtres restent",
    "Turn": "Rotation",
    "Strength": "Intensité",
    "Turntable": "Plateau tournant",
    "A camera that goes once around the selected objects in a loop; it becomes the scene's camera":
        "Une caméra qui fait le tour des objets sélectionnés en boucle ; elle devient la caméra de la scène",
    "In Photo...": "Dans une photo...",
    "Place in Photo": "Placer dans une photo",
    "Put the selected objects into a photograph: with its camera, their shadow on its ground, and the picture behind":
        "Met les objets sélectionnés dans une photo : avec sa caméra, leur ombre sur son sol, et l’image derrière",
    "Photograph": "Photo",
    "Foot": "Pied",
    "Horizon": "Horizon",
    "Under Cursor": "Sous le curseur",
    "Place in Scene": "Placer dans la scène",
    "Stand the active object on the surface under the 3D cursor, in a real size":
        "Pose l’objet actif sur la surface sous le curseur 3D, en taille réelle",
    "Align to Surface": "Aligner à la surface",
    "Arrange": "Disposer",
    "Lay the selected objects out around the 3D cursor, on its ground, so that none is in another":
        "Dispose les objets sélectionnés autour du curseur 3D, sur son sol, sans qu’aucun n’en touche un autre",
    "Row": "Rangée",
    "Grid": "Grille",
    "Scatter": "Éparpiller",
    "Gap": "Écart",
    "Random Turn": "Rotation aléatoire",
    "Scene from a List": "Scène d’après une liste",
    "Generate Scene": "Générer la scène",
    "Make an object of every prompt of the list, one after the other. They stand together around the 3D cursor":
        "Crée un objet pour chaque texte de la liste, l’un après l’autre. Ils se tiennent ensemble autour du curseur 3D",
    "List": "Liste",
    "A text with one prompt on each line; lines that begin with # are left out":
        "Un texte avec un objet par ligne ; les lignes qui commencent par # sont ignorées",
    "Pattern": "Motif",
    "How the objects of the list stand around the 3D cursor":
        "Comment les objets de la liste se tiennent autour du curseur 3D",
    "Side by side, in the order of the list": "Côte à côte, dans l’ordre de la liste",
    "In rows and columns, in the order of the list": "En lignes et colonnes, dans l’ordre de la liste",
    "As if put down by hand, the largest in the middle": "Comme posés à la main, le plus grand au milieu",
    "Least distance between two objects of the list": "Distance minimale entre deux objets de la liste",
    "{number} of {count}": "{number} sur {count}",
    "{count} of {all} objects did not come: {prompts}.": "{count} objets sur {all} ne sont pas arrivés : {prompts}.",
    "Select objects first.": "Sélectionnez d’abord des objets.",
    "The photograph {path} cannot be read: choose a picture file.":
        "La photo {path} est illisible : choisissez un fichier d’image.",
    "The render engine is Cycles now, which catches shadows.":
        "Le moteur de rendu est maintenant Cycles, qui capte les ombres.",
    "The camera is {height} above the ground.": "La caméra est à {height} au-dessus du sol.",
    "The object's foot is not below the horizon: lower the foot, or raise the horizon.":
        "Le pied de l’objet n’est pas sous l’horizon : abaissez le pied ou relevez l’horizon.",
    "The object cannot be that large there: choose a smaller share of the picture.":
        "L’objet ne peut pas être aussi grand à cet endroit : choisissez une part plus petite de l’image.",
    "Download": "Télécharger",
    "Downloaded": "Téléchargé",
    "Continue ({percent} %)": "Continuer ({percent} %)",
    "Download Model": "Télécharger le modèle",
    "Cancel Download": "Annuler le téléchargement",
    "Does It Fit?": "Tient-il en mémoire ?",
    "Remove Model": "Supprimer le modèle",
    "Download this model, or go on with its download. Shows what, under which license, from where and to where, and asks":
        "Télécharge ce modèle ou reprend son téléchargement. Montre quoi, sous quelle licence, d’où et où, puis demande",
    "End the download. What has arrived is kept: downloading again goes on from there":
        "Arrête le téléchargement. Ce qui est arrivé est gardé : télécharger de nouveau continue de là",
    "Delete this model from the disk. Objects that were made with it stay":
        "Supprime ce modèle du disque. Les objets créés avec lui restent",
    "{title}, under this license: {license}.": "{title}, sous cette licence : {license}.",
    "Its owner asks you to accept the license on {page} and to log in with 'hf auth login' in a terminal.":
        "Son propriétaire demande d’accepter la licence sur {page} et de se connecter avec « hf auth login » dans un terminal.",
    "Size: about {size} GB; {free} GB are free.": "Taille : environ {size} Go ; {free} Go sont libres.",
    "{size} GB": "{size} Go",
    "or, should it be gone: {place}": "ou, s’il a disparu : {place}",
    "A model is being downloaded: wait for it, or cancel it.":
        "Un modèle est en cours de téléchargement : attendez ou annulez-le.",
    "Blender may not go online: allow it in the preferences (System, Network).":
        "Blender ne peut pas aller en ligne : autorisez-le dans les préférences (Système, Réseau).",
    "Model": "Modèle",
    "What looks at the object and says how it should change: 'builtin', the name of a downloaded model, or the folder of one. It brings the preset that goes with it":
        "Ce qui regarde l’objet et dit comment le changer : « builtin », le nom d’un modèle téléchargé ou le dossier d’un modèle. Il apporte le préréglage qui lui convient",
    "Models": "Modèles",
    "Show the models that can be downloaded, with their licenses and sizes":
        "Montre les modèles téléchargeables, avec leurs licences et tailles",
    "Models Folder": "Dossier des modèles",
    "Downloaded models are kept here, for all Blender versions. The environment variable DREAMFUSION_MODELS sets the default":
        "Les modèles téléchargés sont gardés ici, pour toutes les versions de Blender. La variable d’environnement DREAMFUSION_MODELS fixe la valeur par défaut",
    "Model Mirror": "Miroir des modèles",
    "The address of a server that speaks like the Hugging Face Hub, to download models from there; usually empty":
        "L’adresse d’un serveur qui répond comme le Hub de Hugging Face, pour y télécharger les modèles ; vide d’ordinaire",
    "Fast": "Rapide",
    "A small object in about a minute, also without a graphics card":
        "Un petit objet en une minute environ, même sans carte graphique",
    "DreamFusion as published: 15,000 steps, hours on a graphics card":
        "DreamFusion tel que publié : 15 000 pas, des heures sur une carte graphique",
    "Quality": "Qualité",
    "For large models: 10,000 steps at up to 256 pixels, hours on a graphics card":
        "Pour les grands modèles : 10 000 pas jusqu’à 256 pixels, des heures sur une carte graphique",
    "With the values published for this family of models: thousands of steps, hours on a graphics card":
        "Avec les valeurs publiées pour cette famille de modèles : des milliers de pas, des heures sur une carte graphique",
    "Stable Diffusion": "Stable Diffusion",
    "Stable Diffusion XL": "Stable Diffusion XL",
    "DeepFloyd IF": "DeepFloyd IF",
    "Stable Diffusion 3": "Stable Diffusion 3",
    "FLUX": "FLUX",
    "Sana": "Sana",
    "PixArt": "PixArt",
    "Its copy on {host} stays there.": "Sa copie sur {host} y reste.",
    "Run On": "Exécuter sur",
    "Where new jobs run. Those that run already stay where they are":
        "Où s’exécutent les nouvelles tâches. Celles en cours restent où elles sont",
    "This Computer": "Cet ordinateur",
    "The backend of this computer makes the objects": "Le moteur de cet ordinateur crée les objets",
    "Remote Host": "Hôte distant",
    "A computer that you reach with ssh makes them, and they arrive here":
        "Un ordinateur que vous joignez par ssh les crée, et ils arrivent ici",
    "As you name it after ssh: me@gpu-box, or an alias of your ssh configuration. The login must work without a password":
        "Comme vous le nommez après ssh : moi@gpu-box, ou un alias de votre configuration ssh. La connexion doit fonctionner sans mot de passe",
    "Folder There": "Dossier là-bas",
    "The folder on that host that holds the backend: a checkout of this project, or the installed extension":
        "Le dossier de cet hôte qui contient le moteur : une copie de ce projet, ou l’extension installée",
    "Python There": "Python là-bas",
    "The python program on that host that has the backend's requirements. Empty means the one that build.py has made in the folder there":
        "Le programme python de cet hôte qui a les dépendances du moteur. Vide : celui que build.py a créé dans le dossier là-bas",
    "Jobs There": "Tâches là-bas",
    "The folder for jobs on that host. Empty means the one that its own jobs go to":
        "Le dossier des tâches sur cet hôte. Vide : celui de ses propres tâches",
    "No connection to {host}: trying again": "Pas de connexion à {host} : nouvel essai",
    "on {host}": "sur {host}",
    "Job": "Tâche",
    "The job's id; empty means the scene's current job":
        "L’identifiant de la tâche ; vide : la tâche actuelle de la scène",
    "Wait": "Attendre",
    "Return when what was asked for is in the scene. Blender does not react until then: for scripts only":
        "Ne revient que lorsque ce qui est demandé est dans la scène. Blender ne réagit pas d’ici là : pour les scripts seulement",
    "Prompts": "Textes",
    "One on each line": "Un par ligne",
    "Its name in the list, or owner/name on the Hub": "Son nom dans la liste, ou propriétaire/nom sur le Hub",
    "Step": "Pas",
    "How many pages to go on, or back": "De combien de pages avancer, ou reculer",
    "Rig": "Schéma",
    "Which lights, and from where": "Quelles lumières, et d’où",
    "Where the rig's viewer stands around the objects; from the panel, where the scene's camera is":
        "Où se tient, autour des objets, celui qui regarde ; depuis le panneau, là où est la caméra de la scène",
    "Of all its light": "De toute sa lumière",
    "Frames": "Images",
    "For one turn": "Pour un tour",
    "Elevation": "Élévation",
    "How high the camera looks from, over the horizon": "De quelle hauteur au-dessus de l’horizon regarde la caméra",
    "Turns": "Tourne",
    "What goes around": "Ce qui tourne",
    "Camera": "Caméra",
    "The camera goes around; light and shadow stay as they are on the objects":
        "La caméra tourne ; lumière et ombre restent telles quelles sur les objets",
    "Objects": "Objets",
    "The objects turn before a camera at rest; the light wanders over them":
        "Les objets tournent devant une caméra immobile ; la lumière se promène sur eux",
    "Size": "Taille",
    "Real size; 0 leaves the object as large as it is": "Taille réelle ; 0 laisse l’objet tel quel",
    "Of": "De",
    "Which length of the object the size is": "Quelle longueur de l’objet est la taille",
    "Height": "Hauteur",
    "The size is how tall the object is": "La taille est la hauteur de l’objet",
    "Width": "Largeur",
    "The size is how wide it is from left to right": "La taille est sa largeur de gauche à droite",
    "Longest Side": "Plus grand côté",
    "The size is its longest side": "La taille est son plus grand côté",
    "Lean with the surface instead of standing upright": "Penche avec la surface au lieu de rester droit",
    "How they stand": "Comment ils se tiennent",
    "Side by side, in the order of their names": "Côte à côte, dans l’ordre de leurs noms",
    "In rows and columns, in the order of their names": "En lignes et colonnes, dans l’ordre de leurs noms",
    "Least distance between them": "Distance minimale entre eux",
    "Another one scatters them anew": "Une autre les disperse à nouveau",
    "How far scattered objects are turned at most": "De combien au plus les objets dispersés sont tournés",
    "The picture to put them into": "L’image dans laquelle les placer",
    "Where in the photograph the objects stand: 0 is left and bottom, 1 is right and top":
        "Où se tiennent les objets dans la photo : 0 est à gauche et en bas, 1 à droite et en haut",
    "Share of the photograph's height that they take": "Part de la hauteur de la photo qu’ils prennent",
    "How high in the photograph the horizon is, or would be; 1 is the top":
        "À quelle hauteur de la photo est, ou serait, l’horizon ; 1 est le haut",
    "Focal Length": "Focale",
    "Of the photographer's lens in millimeters for full frame; telephones have about 26":
        "De l’objectif, en millimètres pour le plein format ; un téléphone a environ 26",
    "Light": "Lumière",
    "A sun, and the photograph's mean color from everywhere, when the scene has no lights of its own":
        "Un soleil, et la couleur moyenne de la photo de partout, si la scène n’a pas de lumières à elle",
    "PyTorch Build": "Version de PyTorch",
    "Which build of PyTorch Install Backend brings. After a change, install again":
        "Quelle version de PyTorch « Installer le moteur » apporte. Après un changement, réinstallez",
    "Automatic": "Automatique",
    "The one that fits: for the card that this computer has, or for processors":
        "Celle qui convient : pour la carte de cet ordinateur, ou pour processeurs",
    "CPU Only": "Processeur seul",
    "The small one for processors, which works everywhere": "La petite, pour processeurs, qui fonctionne partout",
    "NVIDIA (CUDA)": "NVIDIA (CUDA)",
    "For NVIDIA's cards since GeForce GTX 16 and RTX 20, with a driver of version 580 or newer":
        "Pour les cartes NVIDIA depuis les GeForce GTX 16 et RTX 20, avec un pilote 580 ou plus récent",
    "AMD (ROCm)": "AMD (ROCm)",
    "For AMD's cards that ROCm 7.2 knows (Radeon RX 6800 to 9000, Instinct), with AMD's driver. It is large":
        "Pour les cartes AMD que ROCm 7.2 connaît (Radeon RX 6800 à 9000, Instinct), avec le pilote AMD. Elle est volumineuse",
    "for AMD's cards (ROCm)": "pour cartes AMD (ROCm)",
    "Installed: PyTorch {version} {build}": "Installé : PyTorch {version} {build}",
    "Size: about 7 GB to download and up to 20 GB on the disk, with AMD's libraries under its licenses.":
        "Taille : environ 7 Go à télécharger et jusqu’à 20 Go sur le disque, avec les bibliothèques d’AMD sous ses licences.",
    "PyTorch's own files are not checked against hashes, as this add-on knows none for this build: only where they come from vouches for them.":
        "Les fichiers de PyTorch lui-même ne sont pas comparés à des empreintes, cette extension n’en connaissant pas pour cette version : seule leur provenance les garantit.",
    "Or choose CPU Only in the preferences, under PyTorch Build.":
        "Ou choisissez « Processeur seul » dans les préférences, sous « Version de PyTorch ».",
}
# fmt: on
