"""Spanish."""

# fmt: off
TEXTS: dict[str, str] = {
    "Generate": "Generar",
    "Pause": "Pausar",
    "Continue": "Continuar",
    "Cancel": "Cancelar",
    "Resume": "Reanudar",
    "Try Again": "Reintentar",
    "Start": "Iniciar",
    "Import": "Importar",
    "Import Again": "Importar de nuevo",
    "Another Seed": "Otra semilla",
    "Edit Prompt": "Editar texto",
    "Delete": "Eliminar",
    "Undo": "Deshacer",
    "Show Log": "Ver registro",
    "Open Folder": "Abrir carpeta",
    "Restart": "Reiniciar",
    "Open Preferences": "Abrir preferencias",
    "Copy": "Copiar",
    "Cancel Job": "Cancelar tarea",
    "Pause Job": "Pausar tarea",
    "Continue Job": "Continuar tarea",
    "Resume Job": "Reanudar tarea",
    "Import Result": "Importar resultado",
    "Check Backend": "Comprobar el motor",
    "New Seed": "Nueva semilla",
    "Delete Job": "Eliminar tarea",
    "Undo Delete Job": "Recuperar tarea",
    "History Page": "Página del historial",
    "DreamFusion Log": "Registro de DreamFusion",
    "Restart DreamFusion": "Reiniciar DreamFusion",
    "Make an object from the prompt. It arrives at the 3D cursor when it is ready":
        "Crea un objeto a partir del texto. Llega al cursor 3D cuando está listo",
    "Stop this job. What it has learned is kept, so it can be resumed":
        "Detiene esta tarea. Lo aprendido se conserva y se puede reanudar",
    "Let the job rest after its step, and leave the computer to other work":
        "Deja descansar la tarea tras su paso y libera el ordenador",
    "Go on with the paused job": "Continúa la tarea pausada",
    "Go on from the last checkpoint": "Continúa desde el último punto guardado",
    "Bring the finished object to the 3D cursor of this scene": "Trae el objeto terminado al cursor 3D de esta escena",
    "Ask the backend whether it has everything, and whether this scene's model fits into the memory; the answer appears below":
        "Pregunta al motor si lo tiene todo y si el modelo de esta escena cabe en la memoria; la respuesta aparece debajo",
    "This scene has no job: press Generate first.": "Esta escena no tiene tareas: pulse primero Generar.",
    "Another seed makes another object from the same words": "Otra semilla crea otro objeto con las mismas palabras",
    "Make this object again with another seed: same words, another shape":
        "Vuelve a crear este objeto con otra semilla: mismas palabras, otra forma",
    "Put the job's words and settings into the fields above, to change them and press Generate":
        "Pone el texto y los ajustes de la tarea en los campos de arriba, para cambiarlos y generar",
    "Delete the job and all its files. It can be brought back for a week":
        "Elimina la tarea y sus archivos. Se puede recuperar durante una semana",
    "The job and its files can be brought back for a week.":
        "La tarea y sus archivos se pueden recuperar durante una semana.",
    "Bring the job back that was deleted last": "Recupera la última tarea eliminada",
    "Leaf through the history": "Hojea el historial",
    "Show the end of what the backend wrote": "Muestra el final de lo que escribió el motor",
    "Put the log on the clipboard": "Copia el registro en el portapapeles",
    "Open the folder in the system's file browser": "Abre la carpeta en el explorador del sistema",
    "Open this add-on's preferences": "Abre las preferencias de esta extensión",
    "Forget everything about this session and look at all jobs anew. Jobs go on meanwhile":
        "Olvida esta sesión y vuelve a leer todas las tareas. Las tareas continúan mientras tanto",
    "History": "Historial",
    "Advanced": "Avanzado",
    "Without": "Sin",
    "A red mushroom": "A red mushroom (en inglés)",
    "No jobs yet": "Aún no hay tareas",
    "No job has these words": "Ninguna tarea tiene esas palabras",
    "Loading the model": "Cargando el modelo",
    "Sculpting": "Esculpiendo",
    "Making the mesh": "Creando la malla",
    "Painting the texture": "Pintando la textura",
    "Refining the object": "Refinando el objeto",
    "Saving the object": "Guardando el objeto",
    "Waiting": "En espera",
    "Waiting for the job before it": "Espera a la tarea anterior",
    "Waiting: {count} jobs before it": "En espera: {count} tareas antes",
    "Starting the backend": "Iniciando el motor",
    "(longer than usual: see its log)": "(más de lo normal: vea el registro)",
    "Working": "Trabajando",
    "Pausing after this step": "Pausa tras este paso",
    "Paused": "En pausa",
    "Cancelling": "Cancelando",
    "Done": "Listo",
    "Failed": "Error",
    "Cancelled": "Cancelada",
    "Stopped unexpectedly": "Detenida de forma inesperada",
    "Done, ready to import": "Listo para importar",
    "Done, bringing it into the scene": "Listo, llega a la escena",
    "Done, waits until you are back in Object Mode": "Listo, espera a que vuelva al modo Objeto",
    "Done, in the scene": "Listo, en la escena",
    "Done, but the import failed": "Listo, pero falló la importación",
    "Step {step} of {total}": "Paso {step} de {total}",
    "about {time} left": "quedan unos {time}",
    "seed {seed}": "semilla {seed}",
    "Failed without saying why: see the log.": "Falló sin decir por qué: vea el registro.",
    "\"{prompt}\" is deleted.": "«{prompt}» se ha eliminado.",
    "The add-on met an error ({error}): restart it. Jobs go on meanwhile.":
        "La extensión encontró un error ({error}): reiníciela. Las tareas continúan mientras tanto.",
    "Prompt": "Texto",
    "One object in plain words, such as 'a red mushroom'":
        "Un objeto en palabras sencillas, en inglés, como «a red mushroom»",
    "Negative Prompt": "Texto negativo",
    "What the object should not look like; may stay empty": "A qué no debe parecerse el objeto; puede quedar vacío",
    "Preset": "Ajuste predefinido",
    "How much time to spend on how much detail": "Cuánto tiempo dedicar a cuánto detalle",
    "Seed": "Semilla",
    "The same prompt, preset and seed make the same object again; another seed makes another one":
        "El mismo texto, ajuste y semilla crean el mismo objeto; otra semilla crea otro",
    "Variations": "Variaciones",
    "How many objects to make, one after the other, each with the next seed. They stand side by side":
        "Cuántos objetos crear, uno tras otro, cada uno con la semilla siguiente. Quedan uno junto a otro",
    "Overrides": "Cambios",
    "Settings over the preset, as 'group.name=value', several with commas between":
        "Ajustes sobre el predefinido, como «grupo.nombre=valor», separados por comas",
    "Search": "Buscar",
    "Words of the prompt, the state, the date or the seed of the jobs to show":
        "Palabras del texto, estado, fecha o semilla de las tareas que mostrar",
    "Backend's Python": "Python del motor",
    "The python program of the environment that has the backend's requirements. Empty means the one that Install Backend made. The environment variable DREAMFUSION_PYTHON sets the default":
        "El programa python del entorno que tiene lo que necesita el motor. Vacío: el que creó «Instalar motor». La variable de entorno DREAMFUSION_PYTHON fija el valor inicial",
    "Offline Packages": "Paquetes sin conexión",
    "A folder with the backend's packages as wheels, to install without a network; usually empty":
        "Una carpeta con los paquetes del motor (wheels), para instalar sin red; normalmente vacía",
    "Install": "Instalar",
    "Install Backend": "Instalar motor",
    "Update Backend": "Actualizar motor",
    "Repair Backend": "Reparar motor",
    "Remove Backend": "Quitar motor",
    "Cancel Installation": "Cancelar instalación",
    "Install what the backend needs, PyTorch above all, outside of Blender. Shows what, from where and to where, and asks":
        "Instala fuera de Blender lo que necesita el motor, sobre todo PyTorch. Muestra qué, de dónde y adónde, y pregunta",
    "End the installation. What was fetched is kept: installing again goes on from there":
        "Detiene la instalación. Lo obtenido se conserva: al instalar de nuevo, continúa desde ahí",
    "Delete the installed backend. Jobs and their objects stay":
        "Elimina el motor instalado. Las tareas y sus objetos permanecen",
    "PyTorch {version} {build} and {count} smaller packages, under their own free licenses (BSD, Apache, MIT and the like).":
        "PyTorch {version} {build} y {count} paquetes menores, con sus licencias libres (BSD, Apache, MIT, etc.).",
    "for processors": "para procesadores",
    "for NVIDIA's cards (CUDA)": "para tarjetas NVIDIA (CUDA)",
    "for Apple's GPUs (Metal)": "para GPU de Apple (Metal)",
    "Size: about 1.6 GB on the disk.": "Tamaño: alrededor de 1,6 GB en el disco.",
    "Size: several GB on the disk, with NVIDIA's libraries under its license.":
        "Tamaño: varios GB en el disco, con las bibliotecas de NVIDIA bajo su licencia.",
    "From: {place}": "Desde: {place}",
    "To: {place}": "A: {place}",
    "An installation is under way.": "Hay una instalación en curso.",
    "Blender may not go online: allow it in the preferences (System, Network), or name a folder of wheels.":
        "Blender no puede conectarse: permítalo en las preferencias (Sistema, Red) o indique una carpeta de wheels.",
    "Jobs Folder": "Carpeta de tareas",
    "Jobs, previews and finished meshes are kept here, one folder each, for all Blender versions. The environment variable DREAMFUSION_JOBS sets the default":
        "Aquí se guardan tareas, vistas previas y mallas, una carpeta cada una, para todas las versiones de Blender. La variable de entorno DREAMFUSION_JOBS fija el valor inicial",
    "On Quitting Blender": "Al salir de Blender",
    "What becomes of the jobs that still run when Blender is closed or the add-on is disabled":
        "Qué pasa con las tareas en curso cuando se cierra Blender o se desactiva la extensión",
    "Jobs Go On": "Las tareas continúan",
    "The backend finishes them; the next start of Blender finds them again":
        "El motor las termina; el próximo inicio de Blender las encuentra",
    "Jobs Stop": "Las tareas se detienen",
    "The backend is ended. What it has learned is kept, and the jobs can be resumed":
        "El motor se detiene. Lo aprendido se conserva y las tareas se pueden reanudar",
    "Relight": "Reiluminar",
    "Place": "Colocar",
    "Three-Point": "Tres puntos",
    "Sun": "Sol",
    "Rim": "Contraluz",
    "Paper": "Artículo",
    "Sky": "Cielo",
    "Key, fill and rim light: soft, and every side readable":
        "Luz principal, de relleno y de contorno: suave, y cada lado legible",
    "Hard afternoon sun under a blue sky": "Sol duro de tarde bajo un cielo azul",
    "Two strips of light from behind and a breath of fill: the outline glows":
        "Dos luces desde atrás y un poco de relleno: el contorno brilla",
    "One point light near the viewer and a little of everywhere: how the object was shaded while it was made":
        "Una luz puntual junto al observador y un poco de todas partes: como se iluminó el objeto al crearlo",
    "A clear physical sky with its sun: outdoors": "Un cielo despejado físico con su sol: al aire libre",
    "Light Rig": "Esquema de luces",
    "Light the selected objects, in place of the last rig. An empty in their middle moves and turns all lights":
        "Ilumina los objetos seleccionados en lugar del último esquema. Un vacío en su centro mueve y gira todas las luces",
    "Remove Rig": "Quitar esquema",
    "Take the rig's lights and its world away; lights of your own stay":
        "Quita las luces y el mundo del esquema; las propias se quedan",
    "Turn": "Giro",
    "Strength": "Intensidad",
    "Turntable": "Plataforma giratoria",
    "A camera that goes once around the selected objects in a loop; it becomes the scene's camera":
        "Una cámara que gira en bucle alrededor de los objetos seleccionados; pasa a ser la cámara de la escena",
    "In Photo...": "En una foto...",
    "Place in Photo": "Colocar en una foto",
    "Put the selected objects into a photograph: with its camera, their shadow on its ground, and the picture behind":
        "Pone los objetos seleccionados en una foto: con su cámara, su sombra en el suelo y la imagen detrás",
    "Photograph": "Foto",
    "Foot": "Base",
    "Horizon": "Horizonte",
    "Under Cursor": "Bajo el cursor",
    "Place in Scene": "Colocar en la escena",
    "Stand the active object on the surface under the 3D cursor, in a real size":
        "Apoya el objeto activo en la superficie bajo el cursor 3D, a tamaño real",
    "Align to Surface": "Alinear a la superficie",
    "Arrange": "Disponer",
    "Lay the selected objects out around the 3D cursor, on its ground, so that none is in another":
        "Dispone los objetos seleccionados alrededor del cursor 3D, sobre su suelo, sin que ninguno toque a otro",
    "Row": "Fila",
    "Grid": "Cuadrícula",
    "Scatter": "Dispersar",
    "Gap": "Separación",
    "Random Turn": "Giro aleatorio",
    "Scene from a List": "Escena de una lista",
    "Generate Scene": "Generar escena",
    "Make an object of every prompt of the list, one after the other. They stand together around the 3D cursor":
        "Crea un objeto por cada texto de la lista, uno tras otro. Quedan juntos alrededor del cursor 3D",
    "List": "Lista",
    "A text with one prompt on each line; lines that begin with # are left out":
        "Un texto con un objeto por línea; las líneas que empiezan por # se omiten",
    "Pattern": "Patrón",
    "How the objects of the list stand around the 3D cursor":
        "Cómo quedan los objetos de la lista alrededor del cursor 3D",
    "Side by side, in the order of the list": "Uno junto a otro, en el orden de la lista",
    "In rows and columns, in the order of the list": "En filas y columnas, en el orden de la lista",
    "As if put down by hand, the largest in the middle": "Como puestos a mano, el mayor en el centro",
    "Least distance between two objects of the list": "Distancia mínima entre dos objetos de la lista",
    "{number} of {count}": "{number} de {count}",
    "{count} of {all} objects did not come: {prompts}.": "{count} de {all} objetos no llegaron: {prompts}.",
    "Select objects first.": "Seleccione primero objetos.",
    "The photograph {path} cannot be read: choose a picture file.":
        "La foto {path} no se puede leer: elija un archivo de imagen.",
    "The render engine is Cycles now, which catches shadows.":
        "El motor de render es ahora Cycles, que recoge las sombras.",
    "The camera is {height} above the ground.": "La cámara está a {height} sobre el suelo.",
    "The object's foot is not below the horizon: lower the foot, or raise the horizon.":
        "La base del objeto no está bajo el horizonte: baje la base o suba el horizonte.",
    "The object cannot be that large there: choose a smaller share of the picture.":
        "El objeto no puede ser tan grande ahí: elija una parte menor de la imagen.",
    "Download": "Descargar",
    "Downloaded": "Descargado",
    "Continue ({percent} %)": "Continuar ({percent} %)",
    "Download Model": "Descargar modelo",
    "Cancel Download": "Cancelar descarga",
    "Does It Fit?": "¿Cabe en la memoria?",
    "Remove Model": "Quitar modelo",
    "Download this model, or go on with its download. Shows what, under which license, from where and to where, and asks":
        "Descarga este modelo o continúa su descarga. Muestra qué, con qué licencia, de dónde y adónde, y pregunta",
    "End the download. What has arrived is kept: downloading again goes on from there":
        "Detiene la descarga. Lo recibido se conserva: al descargar de nuevo, continúa desde ahí",
    "Delete this model from the disk. Objects that were made with it stay":
        "Elimina este modelo del disco. Los objetos creados con él permanecen",
    "{title}, under this license: {license}.": "{title}, con esta licencia: {license}.",
    "Its owner asks you to accept the license on {page} and to log in with 'hf auth login' in a terminal.":
        "Su propietario pide aceptar la licencia en {page} e iniciar sesión con «hf auth login» en una terminal.",
    "Size: about {size} GB; {free} GB are free.": "Tamaño: unos {size} GB; hay {free} GB libres.",
    "{size} GB": "{size} GB",
    "or, should it be gone: {place}": "o, si ya no está: {place}",
    "A model is being downloaded: wait for it, or cancel it.": "Se está descargando un modelo: espere o cancélelo.",
    "Blender may not go online: allow it in the preferences (System, Network).":
        "Blender no puede conectarse: permítalo en las preferencias (Sistema, Red).",
    "Model": "Modelo",
    "What looks at the object and says how it should change: 'builtin', the name of a downloaded model, or the folder of one. It brings the preset that goes with it":
        "Lo que mira el objeto y dice cómo cambiarlo: «builtin», el nombre de un modelo descargado o la carpeta de un modelo. Trae el ajuste predefinido que le corresponde",
    "Models": "Modelos",
    "Show the models that can be downloaded, with their licenses and sizes":
        "Muestra los modelos que se pueden descargar, con sus licencias y tamaños",
    "Models Folder": "Carpeta de modelos",
    "Downloaded models are kept here, for all Blender versions. The environment variable DREAMFUSION_MODELS sets the default":
        "Aquí se guardan los modelos descargados, para todas las versiones de Blender. La variable de entorno DREAMFUSION_MODELS fija el valor inicial",
    "Model Mirror": "Espejo de modelos",
    "The address of a server that speaks like the Hugging Face Hub, to download models from there; usually empty":
        "La dirección de un servidor que responde como el Hub de Hugging Face, para descargar modelos de allí; normalmente vacía",
    "Fast": "Rápido",
    "A small object in about a minute, also without a graphics card":
        "Un objeto pequeño en un minuto aproximadamente, también sin tarjeta gráfica",
    "DreamFusion as published: 15,000 steps, hours on a graphics card":
        "DreamFusion tal como se publicó: 15 000 pasos, horas en una tarjeta gráfica",
    "Quality": "Calidad",
    "For large models: 10,000 steps at up to 256 pixels, hours on a graphics card":
        "Para modelos grandes: 10 000 pasos con hasta 256 píxeles, horas en una tarjeta gráfica",
    "With the values published for this family of models: thousands of steps, hours on a graphics card":
        "Con los valores publicados para esta familia de modelos: miles de pasos, horas en una tarjeta gráfica",
    "Stable Diffusion": "Stable Diffusion",
    "Stable Diffusion XL": "Stable Diffusion XL",
    "DeepFloyd IF": "DeepFloyd IF",
    "Stable Diffusion 3": "Stable Diffusion 3",
    "FLUX": "FLUX",
    "Sana": "Sana",
    "PixArt": "PixArt",
    "Its copy on {host} stays there.": "Su copia en {host} se queda allí.",
    "Run On": "Ejecutar en",
    "Where new jobs run. Those that run already stay where they are":
        "Dónde se ejecutan las tareas nuevas. Las que ya están en curso se quedan donde están",
    "This Computer": "Este equipo",
    "The backend of this computer makes the objects": "El motor de este equipo crea los objetos",
    "Remote Host": "Equipo remoto",
    "A computer that you reach with ssh makes them, and they arrive here":
        "Los crea un equipo al que accede con ssh, y llegan aquí",
    "As you name it after ssh: me@gpu-box, or an alias of your ssh configuration. The login must work without a password":
        "Como lo nombra después de ssh: yo@gpu-box, o un alias de su configuración de ssh. El acceso debe funcionar sin contraseña",
    "Folder There": "Carpeta allí",
    "The folder on that host that holds the backend: a checkout of this project, or the installed extension":
        "La carpeta de ese equipo que contiene el motor: una copia de este proyecto o la extensión instalada",
    "Python There": "Python allí",
    "The python program on that host that has the backend's requirements. Empty means the one that build.py has made in the folder there":
        "El programa python de ese equipo que tiene los requisitos del motor. Vacío: el que build.py creó en la carpeta de allí",
    "Jobs There": "Tareas allí",
    "The folder for jobs on that host. Empty means the one that its own jobs go to":
        "La carpeta de tareas en ese equipo. Vacío: la de sus propias tareas",
    "No connection to {host}: trying again": "Sin conexión con {host}: reintentando",
    "on {host}": "en {host}",
    "Job": "Tarea",
    "The job's id; empty means the scene's current job":
        "El identificador de la tarea; vacío: la tarea actual de la escena",
    "Wait": "Esperar",
    "Return when what was asked for is in the scene. Blender does not react until then: for scripts only":
        "Vuelve cuando lo pedido está en la escena. Blender no responde hasta entonces: solo para scripts",
    "Prompts": "Textos",
    "One on each line": "Uno en cada línea",
    "Its name in the list, or owner/name on the Hub": "Su nombre en la lista, o propietario/nombre en el Hub",
    "Step": "Paso",
    "How many pages to go on, or back": "Cuántas páginas avanzar, o retroceder",
    "Rig": "Esquema",
    "Which lights, and from where": "Qué luces, y desde dónde",
    "Where the rig's viewer stands around the objects; from the panel, where the scene's camera is":
        "Dónde está, alrededor de los objetos, quien mira; desde el panel, donde está la cámara de la escena",
    "Of all its light": "De toda su luz",
    "Frames": "Fotogramas",
    "For one turn": "Para una vuelta",
    "Elevation": "Elevación",
    "How high the camera looks from, over the horizon": "Desde qué altura sobre el horizonte mira la cámara",
    "Turns": "Gira",
    "What goes around": "Qué gira",
    "Camera": "Cámara",
    "The camera goes around; light and shadow stay as they are on the objects":
        "La cámara gira; luz y sombra se quedan como están en los objetos",
    "Objects": "Objetos",
    "The objects turn before a camera at rest; the light wanders over them":
        "Los objetos giran ante una cámara quieta; la luz se desliza sobre ellos",
    "Size": "Tamaño",
    "Real size; 0 leaves the object as large as it is": "Tamaño real; 0 deja el objeto como está",
    "Of": "De",
    "Which length of the object the size is": "Qué longitud del objeto es el tamaño",
    "Height": "Altura",
    "The size is how tall the object is": "El tamaño es la altura del objeto",
    "Width": "Anchura",
    "The size is how wide it is from left to right": "El tamaño es su anchura de izquierda a derecha",
    "Longest Side": "Lado más largo",
    "The size is its longest side": "El tamaño es su lado más largo",
    "Lean with the surface instead of standing upright": "Se inclina con la superficie en vez de quedar de pie",
    "How they stand": "Cómo se colocan",
    "Side by side, in the order of their names": "Lado a lado, en el orden de sus nombres",
    "In rows and columns, in the order of their names": "En filas y columnas, en el orden de sus nombres",
    "Least distance between them": "Distancia mínima entre ellos",
    "Another one scatters them anew": "Otra los esparce de nuevo",
    "How far scattered objects are turned at most": "Cuánto se giran como máximo los objetos esparcidos",
    "The picture to put them into": "La imagen en la que ponerlos",
    "Where in the photograph the objects stand: 0 is left and bottom, 1 is right and top":
        "Dónde están los objetos en la foto: 0 es izquierda y abajo, 1 es derecha y arriba",
    "Share of the photograph's height that they take": "Parte de la altura de la foto que ocupan",
    "How high in the photograph the horizon is, or would be; 1 is the top":
        "A qué altura de la foto está, o estaría, el horizonte; 1 es arriba",
    "Focal Length": "Distancia focal",
    "Of the photographer's lens in millimeters for full frame; telephones have about 26":
        "Del objetivo, en milímetros para formato completo; un teléfono tiene unos 26",
    "Light": "Luz",
    "A sun, and the photograph's mean color from everywhere, when the scene has no lights of its own":
        "Un sol, y el color medio de la foto desde todas partes, si la escena no tiene luces propias",
    "PyTorch Build": "Compilación de PyTorch",
    "Which build of PyTorch Install Backend brings. After a change, install again":
        "Qué compilación de PyTorch trae «Instalar motor». Tras un cambio, instale de nuevo",
    "Automatic": "Automático",
    "The one that fits: for the card that this computer has, or for processors":
        "La que conviene: para la tarjeta de este equipo, o para procesadores",
    "CPU Only": "Solo procesador",
    "The small one for processors, which works everywhere":
        "La pequeña, para procesadores, que funciona en todas partes",
    "NVIDIA (CUDA)": "NVIDIA (CUDA)",
    "For NVIDIA's cards since GeForce GTX 16 and RTX 20, with a driver of version 580 or newer":
        "Para tarjetas NVIDIA desde GeForce GTX 16 y RTX 20, con un controlador 580 o posterior",
    "AMD (ROCm)": "AMD (ROCm)",
    "For AMD's cards that ROCm 7.2 knows (Radeon RX 6800 to 9000, Instinct), with AMD's driver. It is large":
        "Para tarjetas AMD que ROCm 7.2 conoce (Radeon RX 6800 a 9000, Instinct), con el controlador de AMD. Es grande",
    "for AMD's cards (ROCm)": "para tarjetas AMD (ROCm)",
    "Installed: PyTorch {version} {build}": "Instalado: PyTorch {version} {build}",
    "Size: about 7 GB to download and up to 20 GB on the disk, with AMD's libraries under its licenses.":
        "Tamaño: unos 7 GB de descarga y hasta 20 GB en el disco, con las bibliotecas de AMD bajo sus licencias.",
    "PyTorch's own files are not checked against hashes, as this add-on knows none for this build: only where they come from vouches for them.":
        "Los archivos del propio PyTorch no se comparan con sumas de comprobación, pues esta extensión no las conoce para esta compilación: solo su procedencia responde por ellos.",
    "Or choose CPU Only in the preferences, under PyTorch Build.":
        "O elija «Solo procesador» en las preferencias, en «Compilación de PyTorch».",
}
# fmt: on
