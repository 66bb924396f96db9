"""Spanish."""

# fmt: off
# One row per text, sorted by key.
TEXTS: dict[str, str] = {
    "Check Model": "Comprobar modelo",
    "Check that the selected model is read correctly: draw a picture, do five steps, and report memory and time":
        "Comprueba que el modelo elegido se lee bien: dibuja una imagen, da cinco pasos e indica memoria y tiempo",
    "Check the model on the remote host, with 'models check' on the command line.":
        "Compruebe el modelo en el equipo remoto, con «models check» en la línea de órdenes.",
    "Choose a large model first.": "Elija primero un modelo grande.",
    "Stop Check": "Detener comprobación",
    "Stop the check of the model": "Detiene la comprobación del modelo",
    "Show Pictures": "Mostrar imágenes",
    "Add a LoRA file, which changes the style or the subjects of a large model":
        "Añade un archivo LoRA, que cambia el estilo o los temas de un modelo grande",
    "Add LoRA": "Añadir LoRA",
    "Choose a .safetensors file.": "Elija un archivo .safetensors.",
    "File": "Archivo",
    "Files that change the style or the subjects of a large model":
        "Archivos que cambian el estilo o los temas de un modelo grande",
    "LoRA": "LoRA",
    "LoRA as a .safetensors file": "LoRA como archivo .safetensors",
    "Remove LoRA": "Quitar LoRA",
    "Remove this LoRA from the list. The file is kept": "Quita este LoRA de la lista. El archivo se conserva",
    "Row of the list": "Fila de la lista",
    "Strength of the LoRA. 0 switches it off, 1 is its full effect":
        "Intensidad del LoRA. 0 lo desactiva, 1 es su efecto completo",
    "Weight": "Peso",
    "(see the log)": "(vea el registro)",
    "A red mushroom": "A red mushroom (en inglés)",
    "A small build that runs on every computer": "Una compilación pequeña que funciona en cualquier equipo",
    "A small object in half a minute, even without a GPU":
        "Un objeto pequeño en medio minuto, incluso sin GPU",
    "Detailed": "Detallado",
    "Smoother surfaces and truer colors in about two minutes, even without a GPU":
        "Superficies más lisas y colores más fieles en unos dos minutos, incluso sin GPU",
    "about {time} left": "quedan unos {time}",
    "Add a camera that circles the selected objects in a seamless loop, and make it the scene camera":
        "Añade una cámara que rodea los objetos seleccionados en un bucle continuo y la convierte en la cámara de la escena",
    "Add a sun and ambient light in the photo's mean color if the scene has no lights":
        "Añade un sol y luz ambiental con el color medio de la foto si la escena no tiene luces",
    "Advanced": "Avanzado",
    "Align to Surface": "Alinear a la superficie",
    "AMD (ROCm)": "AMD (ROCm)",
    "An installation is already running.": "Ya hay una instalación en curso.",
    "1. Install the backend": "1. Instalar el motor",
    "2. Choose a model": "2. Elegir un modelo",
    "3. Describe an object": "3. Describir un objeto",
    "The built-in model is ready. Open the preferences for others.":
        "El modelo integrado está listo. Los demás están en las preferencias.",
    "PyTorch is installed in its own folder. You can keep working.":
        "PyTorch se instala en su propia carpeta. Puede seguir trabajando.",
    "{time} so far": "{time} hasta ahora",
    "The backend is ready.": "El motor está listo.",
    "Update Backend": "Actualizar motor",
    "Repair Backend": "Reparar motor",
    "Allow Online Access": "Permitir acceso en línea",
    "Allow Blender to use the network. Changes Blender's preference System > Network":
        "Permite que Blender use la red. Cambia la preferencia de Blender Sistema > Red",
    "Online access is disabled. Click Allow Online Access to change this preference of Blender.":
        "El acceso en línea está desactivado. Pulse «Permitir acceso en línea» para cambiar esta preferencia de Blender.",
    "Blender was started with --offline-mode. Restart it without this option to go online.":
        "Blender se inició con --offline-mode. Reinícielo sin esta opción para conectarse.",
    "To install without a network, set Offline Packages.": "Para instalar sin red, indique «Paquetes sin conexión».",
    "To run jobs on this computer, set Run On to This Computer.":
        "Para ejecutar las tareas en este equipo, elija «Este equipo» en «Ejecutar en».",
    "Python for the Installation": "Python para la instalación",
    "Python executable that Install Backend uses to create the environment. Leave empty to use Blender's own, or another one on this computer. Supported versions: 3.11 and 3.13":
        "Ejecutable de Python con el que «Instalar motor» crea el entorno. Déjelo vacío para usar el de Blender u otro de este equipo. Versiones compatibles: 3.11 y 3.13",
    "Python: {place}": "Python: {place}",
    "Python {version} is downloaded first, because none that the backend supports was found.":
        "Primero se descarga Python {version}, porque no se encontró ninguno compatible con el motor.",
    "Angle of the camera above the horizon": "Ángulo de la cámara sobre el horizonte",
    "Another download is running. Wait until it is finished, or cancel it.":
        "Hay otra descarga en curso. Espere a que termine o cancélela.",
    "Another Seed": "Otra semilla",
    "Arrange": "Disponer",
    "Arrange the selected objects around the 3D cursor, on the surface below it and without overlaps":
        "Dispone los objetos seleccionados alrededor del cursor 3D, sobre la superficie que hay debajo y sin solaparse",
    "Automatic": "Automático",
    "Backend Python": "Python del motor",
    "Baking the texture": "Procesando la textura",
    "Browse the history": "Recorre el historial",
    "Build of PyTorch that Install Backend installs. Install again after a change":
        "Compilación de PyTorch que instala «Instalar motor». Vuelva a instalar tras un cambio",
    "Camera": "Cámara",
    "Cancel": "Cancelar",
    "Cancel Download": "Cancelar descarga",
    "Cancel Installation": "Cancelar instalación",
    "Cancel Job": "Cancelar tarea",
    "Cancel the download. Downloaded files are kept": "Cancela la descarga. Los archivos descargados se conservan",
    "Cancel the installation. Downloaded files are kept":
        "Cancela la instalación. Los archivos descargados se conservan",
    "Cancel the job. Progress is saved": "Cancela la tarea. El progreso se guarda",
    "Canceled": "Cancelada",
    "Canceling": "Cancelando",
    "Cannot read the photo {path}. Choose an image file.":
        "No se puede leer la foto {path}. Elija un archivo de imagen.",
    "Change for a different layout": "Cámbiela para obtener otra disposición",
    "Check Backend": "Comprobar el motor",
    "Check Memory": "Comprobar la memoria",
    "Check whether jobs can run and whether the selected model fits in memory":
        "Comprueba si las tareas se pueden ejecutar y si el modelo elegido cabe en la memoria",
    "Choose a new random seed": "Elige una nueva semilla aleatoria",
    "Continue": "Continuar",
    "Continue ({percent} %)": "Continuar ({percent} %)",
    "Continue Job": "Continuar tarea",
    "Continue Jobs": "Continuar las tareas",
    "Continue the paused job": "Continúa la tarea pausada",
    "Copy": "Copiar",
    "Copy the log to the clipboard": "Copia el registro en el portapapeles",
    "Copy the prompt and settings of the job to the panel for editing":
        "Copia el texto y los ajustes de la tarea en el panel para editarlos",
    "CPU Only": "Solo procesador",
    "DeepFloyd IF": "DeepFloyd IF",
    "Delete": "Eliminar",
    "Delete Job": "Eliminar tarea",
    "Delete the installed backend. Jobs and objects are kept":
        "Elimina el motor instalado. Las tareas y los objetos se conservan",
    "Delete the job and its files. They can be restored for 7 days":
        "Elimina la tarea y sus archivos. Se pueden recuperar durante 7 días",
    "Delete this model from disk. Objects generated with it are kept":
        "Elimina este modelo del disco. Los objetos generados con él se conservan",
    "Deleted \"{prompt}\".": "Se ha eliminado «{prompt}».",
    "Description of one object, such as 'a red mushroom'":
        "Descripción de un objeto en inglés, por ejemplo «a red mushroom»",
    "Diffusion model that guides the object: 'builtin', the name of a downloaded model or the folder of a model. Choosing a model also selects a suitable preset":
        "Modelo de difusión que guía el objeto: «builtin», el nombre de un modelo descargado o la carpeta de un modelo. Al elegirlo también se selecciona un ajuste predefinido adecuado",
    "Dimension": "Dimensión",
    "Dimension of the object that the size refers to": "Dimensión del objeto a la que se refiere el tamaño",
    "Direction of the viewer around the objects. The panel uses the direction of the scene camera":
        "Dirección del observador alrededor de los objetos. El panel usa la de la cámara de la escena",
    "Done": "Listo",
    "Done. Import failed": "Listo. Falló la importación",
    "Done. Imported": "Listo. Importado",
    "Done. Importing": "Listo. Importando",
    "Done. Ready to import": "Listo. Se puede importar",
    "Done. Imported after the current operation":
        "Listo. Se importa después de la operación actual",
    "Near":
        "Cerca de",
    "The object or its group stands on the surface below this point, or next to what is there":
        "El objeto o su grupo se apoya en la superficie bajo este punto, o junto a lo que haya allí",
    "{count} of {all} prompts name no object that the model can make: {prompts}.":
        "{count} de {all} textos no nombran ningún objeto que el modelo pueda crear: {prompts}.",
    "Done. Switch to Object Mode to import": "Listo. Cambie al modo Objeto para importar",
    "Download": "Descargar",
    "Download Model": "Descargar modelo",
    "Download this model or continue its download. Shows license, source and destination for confirmation":
        "Descarga este modelo o continúa su descarga. Muestra la licencia, el origen y el destino para confirmar",
    "Downloaded": "Descargado",
    "DreamFusion as published: 15,000 steps, hours on a GPU":
        "DreamFusion tal como se publicó: 15 000 pasos, horas en una GPU",
    "DreamFusion hit an error ({error}) and stopped updating. Running jobs are not affected.":
        "DreamFusion encontró un error ({error}) y dejó de actualizarse. Las tareas en curso no se ven afectadas.",
    "DreamFusion Log": "Registro de DreamFusion",
    "Edit Prompt": "Editar texto",
    "Elevation": "Elevación",
    "Exporting the object": "Exportando el objeto",
    "Extracting the mesh": "Extrayendo la malla",
    "Failed": "Error",
    "Failed. See the log.": "Error. Vea el registro.",
    "Fallback: {place}": "Alternativa: {place}",
    "Fast": "Rápido",
    "Filter jobs by prompt, status, date or seed": "Filtra las tareas por texto, estado, fecha o semilla",
    "FLUX": "FLUX",
    "Focal Length": "Distancia focal",
    "Focal length, 35 mm equivalent (phones: about 26 mm)":
        "Distancia focal equivalente en 35 mm (teléfonos: unos 26 mm)",
    "Folder for downloaded models, shared by all Blender versions. The environment variable DREAMFUSION_MODELS sets the default":
        "Carpeta de los modelos descargados, compartida por todas las versiones de Blender. La variable de entorno DREAMFUSION_MODELS fija el valor predeterminado",
    "Folder for jobs, previews and finished meshes, shared by all Blender versions. The environment variable DREAMFUSION_JOBS sets the default":
        "Carpeta de tareas, vistas previas y mallas terminadas, compartida por todas las versiones de Blender. La variable de entorno DREAMFUSION_JOBS fija el valor predeterminado",
    "Folder of wheels to install the backend without a network connection. Usually empty":
        "Carpeta de wheels para instalar el motor sin conexión de red. Normalmente vacía",
    "Folder on the remote host that contains the backend: a checkout of this project or the installed extension":
        "Carpeta del equipo remoto que contiene el motor: una copia de este proyecto o la extensión instalada",
    "For a smaller installation, set PyTorch Build to CPU Only in the preferences.":
        "Para una instalación más pequeña, elija «Solo procesador» en «Compilación de PyTorch», en las preferencias.",
    "for AMD GPUs (ROCm)": "para GPU de AMD (ROCm)",
    "For AMD GPUs supported by ROCm 7.2 (Radeon RX 6800 to 9000, Instinct). Requires the AMD driver. Large download":
        "Para GPU de AMD compatibles con ROCm 7.2 (Radeon RX 6800 a 9000, Instinct). Requiere el controlador de AMD. Descarga grande",
    "for Apple GPUs (Metal)": "para GPU de Apple (Metal)",
    "for CPU": "para CPU",
    "For large models: 10,000 steps at up to 256 pixels, hours on a GPU":
        "Para modelos grandes: 10 000 pasos con hasta 256 píxeles, horas en una GPU",
    "for NVIDIA GPUs (CUDA)": "para GPU de NVIDIA (CUDA)",
    "For NVIDIA GPUs from GeForce GTX 16 and RTX 20 onwards. Requires driver version 580 or newer":
        "Para GPU de NVIDIA a partir de GeForce GTX 16 y RTX 20. Requiere el controlador 580 o posterior",
    "Frames": "Fotogramas",
    "From: {place}": "Desde: {place}",
    "Gap": "Separación",
    "Generate": "Generar",
    "Generate again with the same settings and a new seed":
        "Vuelve a generar con los mismos ajustes y una semilla nueva",
    "Generate an object from the prompt and import it at the 3D cursor, or in place of the objects that it starts from":
        "Genera un objeto a partir del texto y lo importa en el cursor 3D, o en el lugar de los objetos de los que parte",
    "Generate one object per prompt of the list and arrange them around the 3D cursor":
        "Genera un objeto por cada texto de la lista y los dispone alrededor del cursor 3D",
    "Generate Scene": "Generar escena",
    "Grid": "Cuadrícula",
    "Ground Point": "Punto de apoyo",
    "Hard afternoon sun with a blue sky": "Sol duro de tarde con cielo azul",
    "Height": "Altura",
    "Height of the camera above the ground: {height}.": "Altura de la cámara sobre el suelo: {height}.",
    "Height of the horizon in the photo, from 0 at the bottom to 1 at the top":
        "Altura del horizonte en la foto, de 0 abajo a 1 arriba",
    "Height of the objects as a fraction of the photo's height":
        "Altura de los objetos como fracción de la altura de la foto",
    "History": "Historial",
    "History Page": "Página del historial",
    "Horizon": "Horizonte",
    "ID of the job. Leave empty for the current job of the scene":
        "Identificador de la tarea. Déjelo vacío para la tarea actual de la escena",
    "Image file of the photo": "Archivo de imagen de la foto",
    "Import": "Importar",
    "Import Again": "Importar de nuevo",
    "Add Generated Object": "Añadir objeto generado",
    "Import the finished object into the scene that it was generated for": (
        "Importa el objeto terminado en la escena para la que se generó"
    ),
    "Select": "Seleccionar",
    "Select only the object and make it active": "Selecciona solo el objeto y lo activa",
    "Import All": "Importar todo",
    "Import the objects that were finished while this file was closed": (
        "Importa los objetos que se terminaron mientras este archivo estaba cerrado"
    ),
    "Dismiss": "Descartar",
    "Hide this message until Blender is started again. The history keeps the objects": (
        "Oculta este mensaje hasta que se inicie Blender de nuevo. El historial conserva los objetos"
    ),
    "{count} objects were finished while this file was closed.": (
        "Se terminaron {count} objetos mientras este archivo estaba cerrado."
    ),
    "An object was finished while this file was closed.": "Se terminó un objeto mientras este archivo estaba cerrado.",
    'The folder of "{name}" was deleted. Generate the object again.': 'Se eliminó la carpeta de «{name}». Genere el objeto de nuevo.',
    "The job is no longer in the jobs folder.": "La tarea ya no está en la carpeta de tareas.",
    "Objects can be imported only in Object Mode. Switch to Object Mode first.": (
        "Los objetos solo se pueden importar en el modo Objeto. Cambie primero al modo Objeto."
    ),
    "The mesh {mesh} is missing. Generate the object again.": "Falta la malla {mesh}. Genere el objeto de nuevo.",
    "Cannot read the mesh {mesh} ({reason}). Generate the object again.": (
        "No se puede leer la malla {mesh} ({reason}). Genere el objeto de nuevo."
    ),
    "The file {mesh} contains no mesh. Generate the object again.": (
        "El archivo {mesh} no contiene ninguna malla. Genere el objeto de nuevo."
    ),
    'The scene "{scene}" is linked from another file and cannot take objects. Open another scene.': (
        "La escena «{scene}» está vinculada desde otro archivo y no admite objetos. Abra otra escena."
    ),
    "The job has no mesh. Resume it, or generate the object again.": (
        "La tarea no tiene malla. Reanúdela o genere el objeto de nuevo."
    ),
    "Blender refused the import. Click Import Again.": "Blender rechazó la importación. Pulse Importar de nuevo.",
    "The object cannot be imported ({reason}). Click Import Again.": (
        "No se puede importar el objeto ({reason}). Pulse Importar de nuevo."
    ),
    "Select New Objects": "Seleccionar objetos nuevos",
    "Select an object when it arrives and make it active. Otherwise the selection does not change": (
        "Selecciona un objeto cuando llega y lo activa. Si no, la selección no cambia"
    ),
    "Import Result": "Importar resultado",
    "Import the finished object at the 3D cursor": "Importa el objeto terminado en el cursor 3D",
    "In Photo...": "En una foto...",
    "In rows and columns, in list order": "En filas y columnas, en el orden de la lista",
    "In rows and columns, sorted by name": "En filas y columnas, ordenados por nombre",
    "Install": "Instalar",
    "Install Backend": "Instalar motor",
    "Install PyTorch and other packages outside of Blender. Shows contents, sources and destination for confirmation":
        "Instala PyTorch y otros paquetes fuera de Blender. Muestra el contenido, los orígenes y el destino para confirmar",
    "Installed: PyTorch {version} {build}": "Instalado: PyTorch {version} {build}",
    "Job": "Tarea",
    "Jobs Folder": "Carpeta de tareas",
    "Jobs folder on the remote host. Leave empty to use its default jobs folder":
        "Carpeta de tareas en el equipo remoto. Déjela vacía para usar su carpeta predeterminada",
    "Keep Backend (Minutes)": "Mantener el motor (minutos)",
    "Minutes for which the backend stays in memory after its last job, so that the next object starts at once. It then uses about 0.6 GB. 0: it ends at once":
        "Minutos que el motor permanece en memoria tras su última tarea, para que el siguiente objeto empiece enseguida. Ocupa entonces unos 0,6 GB. 0: termina enseguida",
    "Layout of the objects": "Disposición de los objetos",
    "Layout of the objects around the 3D cursor": "Disposición de los objetos alrededor del cursor 3D",
    "Light": "Luz",
    "Light Rig": "Esquema de luces",
    "Light the selected objects and replace the previous rig. An empty at their center moves and rotates all lights":
        "Ilumina los objetos seleccionados y sustituye el esquema anterior. Un vacío en su centro mueve y gira todas las luces",
    "Lighting setup": "Configuración de iluminación",
    "List": "Lista",
    "Loading the model": "Cargando el modelo",
    "Longest Side": "Lado más largo",
    "Maximum rotation of scattered objects": "Giro máximo de los objetos dispersos",
    "Minimum distance between objects": "Distancia mínima entre objetos",
    "Model": "Modelo",
    "Model Mirror": "Espejo de modelos",
    "Models": "Modelos",
    "Models Folder": "Carpeta de modelos",
    "Name in the list of models, or owner/name on the Hub":
        "Nombre en la lista de modelos, o propietario/nombre en el Hub",
    "Negative Prompt": "Texto negativo",
    "New Seed": "Nueva semilla",
    "No connection to {host}. Retrying": "Sin conexión con {host}. Reintentando",
    "No jobs yet": "Aún no hay tareas",
    "No matching jobs": "No hay tareas coincidentes",
    "None": "Ninguna",
    "Number of frames of one rotation": "Número de fotogramas de una vuelta",
    "Number of objects to generate with consecutive seeds, placed side by side":
        "Número de objetos que generar con semillas consecutivas, colocados uno junto a otro",
    "Number of pages to move. Negative values move back":
        "Número de páginas que avanzar. Los valores negativos retroceden",
    "NVIDIA (CUDA)": "NVIDIA (CUDA)",
    "Objects": "Objetos",
    "Offline Packages": "Paquetes sin conexión",
    "On Quit": "Al salir",
    "on {host}": "en {host}",
    "One prompt per line": "Un texto por línea",
    "Open Folder": "Abrir carpeta",
    "Open Preferences": "Abrir preferencias",
    "Open the add-on preferences": "Abre las preferencias de la extensión",
    "Open the folder in the file browser of the system": "Abre la carpeta en el explorador de archivos del sistema",
    "Optimizing": "Optimizando",
    "Overall brightness": "Brillo general",
    "Override preset values, comma-separated, such as 'mesh.resolution=96'":
        "Valores que sustituyen a los del ajuste predefinido, separados por comas, por ejemplo «mesh.resolution=96»",
    "Overrides": "Cambios",
    "Paper": "Artículo",
    "Pattern": "Patrón",
    "Pause": "Pausar",
    "Pause after the current step": "Pausa tras el paso actual",
    "Pause Job": "Pausar tarea",
    "Paused": "En pausa",
    "Pausing after the current step": "Pausa tras el paso actual",
    "Photo": "Foto",
    "Physical clear sky with sun, for outdoor scenes": "Cielo físico despejado con sol, para escenas exteriores",
    "PixArt": "PixArt",
    "Place": "Colocar",
    "Place in Photo": "Colocar en una foto",
    "A sun and ambient light in the photo's mean color. Other lights are hidden while it is on":
        "Un sol y luz ambiental con el color medio de la foto. Las demás luces se ocultan mientras está activa",
    "A photo has only one view. Click Remove Photo before you add a turntable.":
        "Una foto tiene una sola vista. Pulse «Quitar foto» antes de añadir una plataforma giratoria.",
    "As Generated": "Como se generó",
    "Custom": "Personalizado",
    "Fit Selected": "Ajustar a la selección",
    "Keep the size of the generated mesh, about one unit":
        "Mantiene el tamaño de la malla generada, aproximadamente una unidad",
    "Length": "Longitud",
    "Longest side of new objects. With Real World, only of those without a known size. 0 keeps the generated size":
        "Lado más largo de los objetos nuevos. Con «Mundo real», solo de los que no tienen un tamaño conocido. 0 mantiene el tamaño generado",
    "Photo Light": "Luz de la foto",
    "Photo behind the objects": "Foto detrás de los objetos",
    "Place the selected objects at the ground point of the photo, with the same settings":
        "Coloca los objetos seleccionados en el punto de apoyo de la foto, con los mismos ajustes",
    "Real World": "Mundo real",
    "Remove Photo": "Quitar foto",
    "Remove Turntable": "Quitar plataforma giratoria",
    "Remove the photo with its camera, shadow catcher and light, and restore the settings of the scene":
        "Quita la foto con su cámara, su receptor de sombras y su luz, y restaura los ajustes de la escena",
    "Remove the turntable, and restore the scene camera and the frame range":
        "Quita la plataforma giratoria y restaura la cámara y el rango de fotogramas de la escena",
    "Size of new objects": "Tamaño de los objetos nuevos",
    "The same size for all objects": "El mismo tamaño para todos los objetos",
    "The scene keeps its own lights.": "La escena conserva sus propias luces.",
    "The typical size of the kind of object in the prompt": "El tamaño habitual del tipo de objeto del prompt",
    "Place in Scene": "Colocar en la escena",
    "Place the active object on the surface below the 3D cursor, optionally at its real size":
        "Coloca el objeto activo en la superficie bajo el cursor 3D, opcionalmente a su tamaño real",
    "Place the selected objects in a photo, with a matching camera, shadows on the ground and the photo as background":
        "Coloca los objetos seleccionados en una foto, con una cámara adecuada, sombras en el suelo y la foto de fondo",
    "Point light near the viewer and weak ambient light, like the shading during optimization":
        "Luz puntual cerca del observador y luz ambiental débil, como durante la optimización",
    "Preset": "Ajuste predefinido",
    "Prompt": "Texto",
    "Prompts": "Textos",
    "See List": "Ver lista",
    "No known object": "Ningún objeto conocido",
    "{count} lines": "{count} líneas",
    "Only \"{object}\" is made": "Solo se crea «{object}»",
    "Without effect: {words}": "Sin efecto: {words}",
    "Often poor: \"{object}\"": "A menudo malo: «{object}»",
    "Use Model": "Usar modelo",
    "Use this model": "Usa este modelo",
    "Objects and Colors": "Objetos y colores",
    "Search the objects and colors that the model can make, and put one in the prompt":
        "Busca entre los objetos y colores que el modelo puede crear y pone uno en el texto",
    "Move the lines of the prompt to a list, with one object for each line":
        "Pasa las líneas del texto a una lista, con un objeto por línea",
    "Large Models": "Modelos grandes",
    "This job ran on {host}, which is not your remote host. To continue, enter it in the preferences.":
        "Esta tarea se ejecutó en {host}, que no es su equipo remoto. Para continuar, indíquelo en las preferencias.",
    "This job ran on {host} with other folders or another Python than in your preferences. To continue, enter those there.":
        "Esta tarea se ejecutó en {host} con otras carpetas u otro Python que los de sus preferencias. Para continuar, indíquelos allí.",
    "it is damaged or refers to other files": "está dañado o remite a otros archivos",
    "Open the list of models in the preferences": "Abre la lista de modelos en las preferencias",
    "Generate Anyway": "Generar de todos modos",
    "Generate this prompt?": "¿Generar este texto?",
    "This preset is for other models.": "Este ajuste predefinido es para otros modelos.",
    "The model {name} is not downloaded.": "El modelo {name} no está descargado.",
    "There is no model \"{name}\".": "No existe el modelo «{name}».",
    "Use \"{prompt}\"": "Usar «{prompt}»",
    "The prompt has {count} lines, but a job makes one object.":
        "El texto tiene {count} líneas, pero un trabajo crea un solo objeto.",
    "The prompt names no object that the model can make.":
        "El texto no nombra ningún objeto que el modelo pueda crear.",
    "The list has {count} lines. Click Generate Scene.":
        "La lista tiene {count} líneas. Haga clic en Generar escena.",
    "Object": "Objeto",
    "Color": "Color",
    "airplane": "avión",
    "apple": "manzana",
    "ball": "pelota",
    "barrel": "barril",
    "bear": "oso",
    "bed": "cama",
    "boat": "barco",
    "bottle": "botella",
    "bowl": "cuenco",
    "bucket": "cubo",
    "burger": "hamburguesa",
    "cactus": "cactus",
    "cake": "pastel",
    "candle": "vela",
    "capsule": "cápsula",
    "car": "coche",
    "carrot": "zanahoria",
    "castle": "castillo",
    "chair": "silla",
    "chest": "cofre",
    "cone": "cono",
    "crown": "corona",
    "cube": "dado",
    "cylinder": "cilindro",
    "donut": "rosquilla",
    "duck": "pato",
    "fish": "pez",
    "hammer": "martillo",
    "house": "casa",
    "lamp": "lámpara",
    "lighthouse": "faro",
    "mug": "taza",
    "mushroom": "seta",
    "pear": "pera",
    "penguin": "pingüino",
    "pumpkin": "calabaza",
    "pyramid": "pirámide",
    "rabbit": "conejo",
    "robot": "robot",
    "rocket": "cohete",
    "snowman": "muñeco de nieve",
    "sofa": "sofá",
    "stool": "taburete",
    "sword": "espada",
    "table": "mesa",
    "teapot": "tetera",
    "tent": "tienda",
    "torus": "toro",
    "tree": "árbol",
    "truck": "camión",
    "vase": "jarrón",
    "wedge": "cuña",
    "red": "rojo",
    "orange": "naranja",
    "yellow": "amarillo",
    "lime": "lima",
    "green": "verde",
    "teal": "verde azulado",
    "blue": "azul",
    "navy": "azul marino",
    "purple": "morado",
    "pink": "rosa",
    "brown": "marrón",
    "beige": "beis",
    "white": "blanco",
    "gray": "gris",
    "black": "negro",
    "gold": "dorado",
    "Use Prompt": "Usar texto",
    "Use this prompt": "Usa este texto",
    "Published values for this model family: thousands of steps, hours on a GPU":
        "Valores publicados para esta familia de modelos: miles de pasos, horas en una GPU",
    "Python executable of the backend's environment on the remote host. Leave empty to use the one that build.py creates in the remote folder":
        "Ejecutable de Python del entorno del motor en el equipo remoto. Déjelo vacío para usar el que build.py crea en la carpeta remota",
    "Python executable of the backend's environment. Leave empty to use the one that Install Backend creates. The environment variable DREAMFUSION_PYTHON sets the default":
        "Ejecutable de Python del entorno del motor. Déjelo vacío para usar el que crea «Instalar motor». La variable de entorno DREAMFUSION_PYTHON fija el valor predeterminado",
    "PyTorch Build": "Compilación de PyTorch",
    "PyTorch {version} {build} and {count} smaller packages under free licenses (BSD, Apache, MIT and similar).":
        "PyTorch {version} {build} y {count} paquetes más pequeños con licencias libres (BSD, Apache, MIT y similares).",
    "Quality": "Calidad",
    "Queued": "En cola",
    "Cancel All": "Cancelar todo",
    "Cancel all waiting and running jobs of the queue. Progress is saved":
        "Cancela todas las tareas en espera y en curso de la cola. El progreso se guarda",
    "Cancel 1 job?": "¿Cancelar 1 tarea?",
    "Cancel {count} jobs?": "¿Cancelar {count} tareas?",
    "Progress is saved, and the jobs can be resumed.": "El progreso se guarda y las tareas se pueden reanudar.",
    "Resume All": "Reanudar todo",
    "Resume all canceled and failed jobs of the queue from their last checkpoints":
        "Reanuda todas las tareas canceladas y fallidas de la cola desde su último punto de control",
    "Retry Failed": "Reintentar fallidas",
    "Resume all failed jobs of the queue from their last checkpoints":
        "Reanuda todas las tareas fallidas de la cola desde su último punto de control",
    "Move Job": "Mover tarea",
    "Move the waiting job up or down in the queue. Jobs that have started keep their place":
        "Mueve la tarea en espera hacia arriba o abajo en la cola. Las tareas iniciadas conservan su lugar",
    "Number of places to move. Negative values move up": "Número de lugares. Los valores negativos mueven hacia arriba",
    "Only jobs that wait on this computer can be moved.":
        "Solo se pueden mover las tareas que esperan en este equipo.",
    "Select Object": "Seleccionar objeto",
    "Select the objects of the job in this scene": "Selecciona los objetos de la tarea en esta escena",
    "Select Objects": "Seleccionar objetos",
    "Mark as Asset": "Marcar como recurso",
    "Mark the objects of the job as assets, with the prompt as description and the preview as picture":
        "Marca los objetos de la tarea como recursos, con el texto como descripción y la vista previa como imagen",
    "Mark All as Assets": "Marcar todo como recursos",
    "This scene has no object of this job. Import it first.":
        "Esta escena no tiene ningún objeto de esta tarea. Impórtelo primero.",
    "The object is hidden or cannot be selected. Change that in the Outliner.":
        "El objeto está oculto o no se puede seleccionar. Cámbielo en el listado.",
    "Objects can be selected only in Object Mode. Switch to Object Mode first.":
        "Los objetos solo se pueden seleccionar en el modo Objeto. Cambie primero al modo Objeto.",
    "1 object is an asset now.": "1 objeto es ahora un recurso.",
    "{count} objects are assets now.": "{count} objetos son ahora recursos.",
    "Delete \"{prompt}\"?": "¿Eliminar «{prompt}»?",
    "Show the whole prompt": "Muestra el texto completo",
    "Copy the prompt to the clipboard": "Copia el texto en el portapapeles",
    "Add Prompt": "Añadir texto",
    "Add a prompt to the list": "Añade un texto a la lista",
    "Remove Prompt": "Quitar texto",
    "Remove the selected prompt from the list": "Quita de la lista el texto seleccionado",
    "Move Prompt": "Mover texto",
    "Move the selected prompt up or down in the list": "Mueve el texto seleccionado hacia arriba o abajo en la lista",
    "Paste Prompts": "Pegar textos",
    "Add each line of the clipboard to the list": "Añade a la lista cada línea del portapapeles",
    "The clipboard has no text.": "El portapapeles no contiene texto.",
    "One prompt per line. Shift Enter starts a new line":
        "Un texto por línea. Mayús+Intro empieza una línea nueva",
    "{done} of {count} done": "{done} de {count} terminadas",
    "{count} failed": "{count} fallidas",
    "{count} jobs": "{count} tareas",
    "Show or hide the jobs of the list": "Muestra u oculta las tareas de la lista",
    "Fold List": "Plegar lista",
    "All lists: {text}": "Todas las listas: {text}",
    "Import finished objects of a list into the scene that they were generated for": "Importa objetos terminados de una lista en la escena para la que se generaron",
    "Add Generated Objects": "Añadir objetos generados",
    "Let the workers of Flamenco generate one object per prompt of the list. The objects arrive in this scene while it is open": "Hace que los workers de Flamenco generen un objeto por cada prompt de la lista. Los objetos llegan a esta escena mientras esté abierta",
    "Submit to Flamenco": "Enviar a Flamenco",
    "Flamenco Manager": "Manager de Flamenco",
    "Address of a Flamenco Manager, such as http://manager:8080. Its workers need the jobs folder and the backend": "Dirección de un Manager de Flamenco, como http://manager:8080. Sus workers necesitan la carpeta de tareas y el backend",
    "Enter the address of the Flamenco Manager in the preferences.": "Introduzca la dirección del Manager de Flamenco en las preferencias.",
    "Random positions, the largest object in the center": "Posiciones aleatorias, el objeto más grande en el centro",
    "Random Rotation": "Giro aleatorio",
    "Random seed. The same prompt, preset and seed generate the same object":
        "Semilla aleatoria. El mismo texto, ajuste predefinido y semilla generan el mismo objeto",
    "Real-world size. 0 keeps the current size": "Tamaño real. 0 mantiene el tamaño actual",
    "Refining the object": "Refinando el objeto",
    "Relight": "Reiluminar",
    "Remote Folder": "Carpeta remota",
    "Remote Host": "Equipo remoto",
    "Remote Jobs": "Tareas remotas",
    "Remote Python": "Python remoto",
    "Remove Backend": "Quitar motor",
    "Remove Model": "Quitar modelo",
    "Remove Rig": "Quitar esquema",
    "Remove the lights and the world of the rig. Other lights are kept":
        "Quita las luces y el entorno del esquema. Las demás luces se conservan",
    "Replaces the previous rig": "Sustituye el esquema anterior",
    "Restart": "Reiniciar",
    "Restart DreamFusion": "Reiniciar DreamFusion",
    "Restart the add-on and reload all jobs. Running jobs are not affected":
        "Reinicia la extensión y vuelve a cargar todas las tareas. Las tareas en curso no se ven afectadas",
    "Restore the last deleted job": "Recupera la última tarea eliminada",
    "Resume": "Reanudar",
    "Resume from the last checkpoint": "Reanuda desde el último punto de control",
    "Resume Job": "Reanudar tarea",
    "Return when the objects are in the scene. Blender does not respond until then. For scripts":
        "Vuelve cuando los objetos están en la escena. Hasta entonces Blender no responde. Para scripts",
    "Rig": "Esquema",
    "Rim": "Contraluz",
    "Rotate": "Girar",
    "Rotate camera or objects": "Girar la cámara o los objetos",
    "Rotation": "Rotación",
    "Row": "Fila",
    "Run jobs on another computer over SSH": "Ejecutar las tareas en otro equipo mediante SSH",
    "Run jobs on this computer": "Ejecutar las tareas en este equipo",
    "Run On": "Ejecutar en",
    "Running": "En curso",
    "Sana": "Sana",
    "Scatter": "Dispersar",
    "Scene from List": "Escena a partir de una lista",
    "Search": "Buscar",
    "Seed": "Semilla",
    "seed {seed}": "semilla {seed}",
    "Select objects first.": "Seleccione primero objetos.",
    "Show Log": "Ver registro",
    "Show the available models with their licenses and sizes":
        "Muestra los modelos disponibles con sus licencias y tamaños",
    "Show the end of the log": "Muestra el final del registro",
    "Side by side, in list order": "Uno junto a otro, en el orden de la lista",
    "Side by side, sorted by name": "Uno junto a otro, ordenados por nombre",
    "Size": "Tamaño",
    "Size: about 1.6 GB on disk.": "Tamaño: unos 1,6 GB en el disco.",
    "Size: about 7 GB to download and up to 20 GB on disk, including AMD libraries under AMD's licenses.":
        "Tamaño: unos 7 GB de descarga y hasta 20 GB en el disco, incluidas las bibliotecas de AMD bajo sus licencias.",
    "Size: about {size} GB ({free} GB free).": "Tamaño: unos {size} GB ({free} GB libres).",
    "Size: several GB on disk, including NVIDIA libraries under NVIDIA's license.":
        "Tamaño: varios GB en el disco, incluidas las bibliotecas de NVIDIA bajo su licencia.",
    "Sky": "Cielo",
    "Soft key, fill and rim lights": "Luces suaves: principal, de relleno y de contorno",
    "Specular": "Especular",
    "SSH destination, such as me@gpu-box or an alias from your SSH configuration. The login must work without a password":
        "Destino SSH, como yo@gpu-box o un alias de su configuración de SSH. El acceso debe funcionar sin contraseña",
    "Stable Diffusion": "Stable Diffusion",
    "Stable Diffusion 3": "Stable Diffusion 3",
    "Stable Diffusion XL": "Stable Diffusion XL",
    "Start": "Iniciar",
    "Starting the backend": "Iniciando el motor",
    "Step": "Paso",
    "Step {step} of {total}": "Paso {step} de {total}",
    "Stop Jobs": "Detener las tareas",
    "Stop the backend. Progress is saved, and the jobs can be resumed":
        "Detiene el motor. El progreso se guarda y las tareas se pueden reanudar",
    "Stopped unexpectedly": "Detenida de forma inesperada",
    "Strength": "Intensidad",
    "Sun": "Sol",
    "Switched the render engine to Cycles, which supports shadow catchers.":
        "Se cambió el motor de procesamiento a Cycles, que permite capturar sombras.",
    "Text with one prompt per line. Lines that start with # are skipped":
        "Bloque de texto con una descripción por línea. Las líneas que empiezan por # se omiten",
    "The backend finishes the jobs. They are available when Blender starts again":
        "El motor termina las tareas. Estarán disponibles al volver a iniciar Blender",
    "The build for the GPU of this computer, or the CPU build":
        "La compilación para la GPU de este equipo, o la de CPU",
    "The camera circles the objects. The lighting on the objects does not change":
        "La cámara gira alrededor de los objetos. La iluminación de los objetos no cambia",
    "The copy on {host} is kept.": "La copia en {host} se conserva.",
    "The ground point is not below the horizon. Lower the ground point or raise the horizon.":
        "El punto de apoyo no está por debajo del horizonte. Baje el punto de apoyo o suba el horizonte.",
    "The job and its files can be restored for 7 days.": "La tarea y sus archivos se pueden recuperar durante 7 días.",
    "The object cannot be that large at this point. Choose a smaller height.":
        "El objeto no puede ser tan grande en este punto. Elija una altura menor.",
    "The objects rotate in front of a fixed camera. The lighting on the objects changes":
        "Los objetos giran ante una cámara fija. La iluminación de los objetos cambia",
    "The PyTorch files of this build cannot be verified; they are downloaded only from PyTorch's index.":
        "Los archivos de PyTorch de esta compilación no se pueden verificar; solo se descargan del índice de PyTorch.",
    "The size is the height of the object": "El tamaño es la altura del objeto",
    "The size is the longest side of the object": "El tamaño es el lado más largo del objeto",
    "The size is the width of the object from left to right":
        "El tamaño es la anchura del objeto de izquierda a derecha",
    "This Computer": "Este equipo",
    "This model is gated. Accept its license at {page}, then log in with 'hf auth login' in a terminal.":
        "El acceso a este modelo está restringido. Acepte su licencia en {page} y luego inicie sesión con «hf auth login» en una terminal.",
    "This scene has no job. Press Generate first.": "Esta escena no tiene tareas. Pulse primero «Generar».",
    "Three-Point": "Tres puntos",
    "Tilt the object with the surface instead of keeping it upright":
        "Inclina el objeto con la superficie en vez de mantenerlo vertical",
    "To: {place}": "A: {place}",
    "Trade-off between speed and detail": "Equilibrio entre velocidad y detalle",
    "Try Again": "Reintentar",
    "Turntable": "Plataforma giratoria",
    "Two lights from behind and a weak fill light, for a bright outline":
        "Dos luces desde atrás y una luz de relleno débil, para un contorno brillante",
    "Under Cursor": "Bajo el cursor",
    "Undo": "Deshacer",
    "Undo Delete Job": "Recuperar tarea",
    "URL of a Hub-compatible mirror": "URL de un espejo compatible con el Hub",
    "Variations": "Variaciones",
    "Wait": "Esperar",
    "Waiting for the previous job": "Esperando a la tarea anterior",
    "Waiting for {count} jobs": "Esperando a {count} tareas",
    "What happens to running jobs when Blender quits or the add-on is disabled":
        "Qué ocurre con las tareas en curso cuando se cierra Blender o se desactiva la extensión",
    "What to avoid": "Lo que se debe evitar",
    "Where new jobs run. Running jobs are not affected":
        "Dónde se ejecutan las tareas nuevas. Las tareas en curso no se ven afectadas",
    "Where the objects touch the ground, as fractions of the photo's width and height from the bottom left":
        "Dónde tocan el suelo los objetos, como fracciones de la anchura y la altura de la foto desde la esquina inferior izquierda",
    "Width": "Anchura",
    "{count} of {all} objects could not be generated: {prompts}.":
        "No se pudieron generar {count} de {all} objetos: {prompts}.",
    "{number} of {count}": "{number} de {count}",
    "{size} GB": "{size} GB",
    "{title}. License: {license}.": "{title}. Licencia: {license}.",
    "\"{name}\" has no faces after its modifiers. Turn some off.":
        "«{name}» no tiene caras después de sus modificadores. Desactive algunos.",
    "\"{name}\" has no faces. Choose an object with faces.": "«{name}» no tiene caras. Elija un objeto con caras.",
    "\"{name}\" has no vertex group \"{group}\". Choose one of its vertex groups, or turn the mask off.":
        "«{name}» no tiene el grupo de vértices «{group}». Elija uno de sus grupos o desactive la máscara.",
    "\"{name}\" has {count} UV maps, and Blender allows no more. Remove one.":
        "«{name}» tiene {count} mapas UV y Blender no admite más. Elimine uno.",
    "\"{name}\" has {count} triangles, the limit is {limit}. Use a Decimate modifier or fewer subdivisions.":
        "«{name}» tiene {count} triángulos y el límite es {limit}. Use un modificador Diezmar o menos subdivisiones.",
    "\"{name}\" is hidden in this view layer. Show it, because its modifiers are evaluated only then.":
        "«{name}» está oculto en esta capa de visualización. Muéstrelo: solo así se evalúan sus modificadores.",
    "\"{name}\" is linked from another file. Make a library override with Object > Library Override, or make it local.":
        "«{name}» está vinculado desde otro archivo. Cree una redefinición con Objeto > Redefinición de biblioteca, o hágalo local.",
    "\"{name}\" is not a mesh. Choose a mesh object.":
        "«{name}» no es una malla. Elija un objeto de malla.",
    "\"{name}\" is not a mesh. Convert it with Object > Convert.":
        "«{name}» no es una malla. Conviértalo con Objeto > Convertir.",
    "-X": "-X",
    "-Y": "-Y",
    "A texture was finished while this file was closed.":
        "Se terminó una textura mientras este archivo estaba cerrado.",
    "A wooden barrel": "A wooden barrel (en inglés)",
    "Active": "Activo",
    "Add a UV map with Smart UV Project when the texture arrives. The other UV maps stay":
        "Añade un mapa UV con Proyección UV inteligente cuando llega la textura. Los demás mapas UV se conservan",
    "After": "Después",
    "Apply Texture": "Aplicar textura",
    "Before": "Antes",
    "Before / After": "Antes / Después",
    "Click a mesh object first.": "Haga clic primero en un objeto de malla.",
    "Description of the painted object, such as 'a wooden barrel'":
        "Descripción en inglés del objeto pintado, como «a wooden barrel»",
    "Done. Applied": "Listo. Aplicada",
    "Done. Applied after the current operation": "Listo. Se aplica tras la operación actual",
    "Done. Applying": "Listo. Aplicando",
    "Done. Not applied": "Listo. No aplicada",
    "Done. Ready to apply": "Listo. Lista para aplicar",
    "Done. Switch to Object Mode to apply": "Listo. Cambie al modo Objeto para aplicarla",
    "Front": "Frente",
    "Give the object its own mesh data if other objects share it and it must change":
        "Da al objeto sus propios datos de malla si otros objetos los comparten y deben cambiar",
    "How far the colors may depart from the present ones. 1 ignores them":
        "Cuánto pueden apartarse los colores de los actuales. 1 los ignora",
    "Import Copy": "Importar copia",
    "Make Single User": "Hacer de usuario único",
    "Mask": "Máscara",
    "Material Words": "Palabras de material",
    "Name of the object. Leave empty for the active one": "Nombre del objeto. Déjelo vacío para el activo",
    "New": "Nuevo",
    "No object is active. Click the object to paint.":
        "No hay ningún objeto activo. Haga clic en el objeto que quiere pintar.",
    "Objects can be painted only in Object Mode. Switch to Object Mode first.":
        "Los objetos solo se pueden pintar en el modo Objeto. Cambie primero al modo Objeto.",
    "Paint as much as the weights of a vertex group say, with soft edges":
        "Pinta según los pesos de un grupo de vértices, con bordes suaves",
    "Paint only the faces that are selected in Edit Mode": "Pinta solo las caras seleccionadas en el modo Edición",
    "Paint the active mesh from a prompt. Its shape does not change":
        "Pinta la malla activa a partir de un prompt. Su forma no cambia",
    "Paint the whole object": "Pinta todo el objeto",
    "Paint through the UV map that the mesh has": "Pinta con el mapa UV que tiene la malla",
    "Put the finished texture on the object that it was made for":
        "Pone la textura terminada en el objeto para el que se hizo",
    "Put the texture of the job on its object, as it is now":
        "Pone la textura de la tarea en su objeto, tal como está ahora",
    "Selected Faces": "Caras seleccionadas",
    "Show": "Mostrar",
    "ControlNet": "ControlNet",
    "Depth ControlNet that keeps the painting on the shape of the object: a folder or a .safetensors file, for models of Stable Diffusion 1, 2 or XL. Empty: the one in the model's folder, if there is one":
        "ControlNet de profundidad que ajusta la pintura a la forma del objeto: una carpeta o un archivo .safetensors, para modelos de Stable Diffusion 1, 2 o XL. Vacío: el de la carpeta del modelo, si existe",
    "Strength of the ControlNet. 0 switches it off, 1 is its full effect":
        "Intensidad del ControlNet. 0 lo desactiva, 1 es su efecto completo",
    "Side of new textures in pixels. With a mask or a lower strength, an image keeps its size":
        "Lado de las texturas nuevas en píxeles. Con una máscara o menos intensidad, una imagen conserva su tamaño",
    "Single-User Data": "Datos de usuario único",
    "Strength and Mask use one color for the material \"{name}\": its base color is not an image.":
        "Intensidad y Máscara usan un solo color para el material «{name}»: su color base no es una imagen.",
    "Strength uses one color for the material \"{name}\": its image uses another UV map.":
        "Intensidad usa un solo color para el material «{name}»: su imagen usa otro mapa UV.",
    "Switch between the materials before and after the last texture":
        "Alterna entre los materiales de antes y después de la última textura",
    "Texture": "Textura",
    "Texture Object": "Texturizar objeto",
    "Texture Size": "Tamaño de textura",
    "Texture from Prompt": "Textura a partir de un prompt",
    "The 3D Viewport shows the front of the object": "La vista 3D muestra el frente del objeto",
    "The Others": "Los otros",
    "The UV map \"{name}\" crosses the border of its tile. Move each island into one tile, or choose New.":
        "El mapa UV «{name}» cruza el borde de su mosaico. Mueva cada isla a un mosaico o elija Nuevo.",
    "The UV map \"{name}\" has no area. Unwrap the object, or choose New as UV Map.":
        "El mapa UV «{name}» no tiene área. Despliegue el objeto o elija Nuevo como mapa UV.",
    "The UV map of \"{name}\" has changed. Undo that and click Apply Texture, or import a painted copy.":
        "El mapa UV de «{name}» ha cambiado. Deshágalo y haga clic en Aplicar textura, o importe una copia pintada.",
    "The UV map that the texture uses. An object without one gets a new one":
        "El mapa UV que usa la textura. Un objeto sin ninguno recibe uno nuevo",
    "The UV map {file} is missing or damaged. Start the job again.":
        "Falta el mapa UV {file} o está dañado. Inicie la tarea de nuevo.",
    "The faces of \"{name}\" have changed. Undo that and click Apply Texture, or import a painted copy.":
        "Las caras de «{name}» han cambiado. Deshágalo y haga clic en Aplicar textura, o importe una copia pintada.",
    "The files of the job are missing. Start a new one from the object.":
        "Faltan los archivos de la tarea. Inicie una nueva desde el objeto.",
    "The image \"{name}\" cannot be read. Find its file, then try again.":
        "No se puede leer la imagen «{name}». Busque su archivo e inténtelo de nuevo.",
    "The image \"{name}\" is larger than {size} pixels. Scale it down, or turn off Strength and Mask.":
        "La imagen «{name}» supera los {size} píxeles. Redúzcala o no use Intensidad ni Máscara.",
    "The image of the material \"{name}\" uses another UV map. Choose Active as UV Map, or no mask.":
        "La imagen del material «{name}» usa otro mapa UV. Elija Activo como mapa UV o ninguna máscara.",
    "The job does not name the object that it paints. Import a painted copy.":
        "La tarea no indica qué objeto pinta. Importe una copia pintada.",
    "The mask would change all of \"{name}\", which is not an sRGB image with 8 bits. Convert it first.":
        "La máscara cambiaría todo «{name}», que no es una imagen sRGB de 8 bits. Conviértala primero.",
    "The materials before the last texture": "Los materiales de antes de la última textura",
    "The mesh of \"{name}\" is linked from another file and must change. Turn on Single-User Data.":
        "La malla de «{name}» está vinculada desde otro archivo y debe cambiar. Active Datos de usuario único.",
    "The mesh of \"{name}\" is shared by {count} objects and must change. Turn on Single-User Data.":
        "{count} objetos comparten la malla de «{name}», que debe cambiar. Active Datos de usuario único.",
    "The modifiers of \"{name}\" assign materials. Apply these modifiers, or turn them off.":
        "Los modificadores de «{name}» asignan materiales. Aplíquelos o desactívelos.",
    "The modifiers of \"{name}\" remove the UV map \"{map}\". Apply these modifiers, or turn them off.":
        "Los modificadores de «{name}» eliminan el mapa UV «{map}». Aplíquelos o desactívelos.",
    "The modifiers of \"{name}\" remove the vertex group \"{group}\". Apply them, or turn the mask off.":
        "Los modificadores de «{name}» eliminan el grupo de vértices «{group}». Aplíquelos o desactive la máscara.",
    "The object \"{name}\" was deleted. Undo that and click Apply Texture, or import a painted copy.":
        "Se eliminó el objeto «{name}». Deshágalo y haga clic en Aplicar textura, o importe una copia pintada.",
    "The object faces the -X axis of the world": "El objeto mira hacia el eje -X del mundo",
    "The object faces the -Y axis of the world, as in Blender's front view":
        "El objeto mira hacia el eje -Y del mundo, como en la vista frontal de Blender",
    "The object faces the X axis of the world": "El objeto mira hacia el eje X del mundo",
    "The object faces the Y axis of the world": "El objeto mira hacia el eje Y del mundo",
    "The object gets a UV map.": "El objeto recibe un mapa UV.",
    "The object has no texture of a job that could be switched off.":
        "El objeto no tiene ninguna textura de una tarea que se pueda desactivar.",
    "The painted materials": "Los materiales pintados",
    "The part of the object that is painted. The rest of its texture does not change":
        "La parte del objeto que se pinta. El resto de su textura no cambia",
    "The side of the object that the prompt shows from the front":
        "El lado del objeto que el prompt muestra de frente",
    "The texture {file} is missing. Resume the job, or start it again.":
        "Falta la textura {file}. Reanude la tarea o iníciela de nuevo.",
    "The tiled image \"{name}\" has unsaved changes. Save it in the Image Editor first.":
        "La imagen en mosaico «{name}» tiene cambios sin guardar. Guárdela primero en el Editor de imágenes.",
    "The vertex group of the mask. Weights between 0 and 1 are a soft edge":
        "El grupo de vértices de la máscara. Los pesos entre 0 y 1 son un borde suave",
    "There is no 3D Viewport that shows the front. Choose an axis as the front.":
        "No hay ninguna vista 3D que muestre el frente. Elija un eje como frente.",
    "There is no object \"{name}\" in this view layer.":
        "No hay ningún objeto «{name}» en esta capa de visualización.",
    "Those that the object does not show now": "Los que el objeto no muestra ahora",
    "UV Map": "Mapa UV",
    "Vertex Group": "Grupo de vértices",
    "View": "Vista",
    "Which materials the object shows": "Qué materiales muestra el objeto",
    "Words such as 'wooden' or 'gold' in the prompt set roughness and metallic":
        "Palabras como «wooden» o «gold» en el prompt definen la rugosidad y el valor metálico",
    "X": "X",
    "Y": "Y",
    "{count} triangles have no area in the UV map and are not painted.":
        "{count} triángulos no tienen área en el mapa UV y no se pintan.",
    "{share} of the texture is shared by parts of the object. Choose New as UV Map to paint them separately.":
        "Partes del objeto comparten {share} de la textura. Elija Nuevo como mapa UV para pintarlas por separado.",
    "Image": "Imagen",
    "Side": "Lado",
    "Use Viewport": "Usar la vista",
    "Use a picture of the 3D Viewport as the image, without overlays and background. The side and the elevation are those of the view":
        "Usa una imagen de la vista 3D, sin superposiciones ni fondo. El lado y la elevación son los de la vista",
    "Image of one object with a plain or transparent background. The front of new objects follows it. Leave empty to use only the prompt":
        "Imagen de un objeto con fondo liso o transparente. El frente de los objetos nuevos la sigue. Déjelo vacío para usar solo el prompt",
    "How closely the object follows the image": "Con qué fidelidad sigue el objeto a la imagen",
    "Side of the object that the image shows. 0° is the front, 90° the side to the right of it":
        "Lado del objeto que muestra la imagen. 0° es el frente, 90° el lado a su derecha",
    "Height of the camera of the image above the horizon":
        "Altura de la cámara de la imagen sobre el horizonte",
    "The front of new objects follows it.": "El frente de los objetos nuevos la sigue.",
    "The pixels of \"{name}\" are not accessible. Save it as an image, and open that.":
        "No se puede acceder a los píxeles de «{name}». Guárdelo como imagen y ábrala.",
    "There is no image \"{name}\", neither in this file nor on the disk.":
        "No existe ninguna imagen «{name}», ni en este archivo ni en el disco.",
    "Image of {prompt}": "Imagen de {prompt}",
    "Open a 3D Viewport first.": "Abra primero una vista 3D.",
    "Name of an image in this file, or path of an image file, that the front of the object follows":
        "Nombre de una imagen de este archivo, o ruta de un archivo de imagen, que sigue el frente del objeto",
    "\"{name}\" is a movie, an animation, or a sequence. Save one frame as PNG, and open that.":
        "«{name}» es una película, una animación o una secuencia. Guarde un fotograma como PNG y ábralo.",
    "\"{name}\" has no vertex group \"{group}\". Choose one of its vertex groups, or change the whole object.":
        "«{name}» no tiene ningún grupo de vértices «{group}». Elija uno de sus grupos, o cambie todo el objeto.",
    "\"{name}\" has shape keys, which do not fit another mesh. Remove them, or change a copy.":
        "«{name}» tiene claves de forma, que no sirven para otra malla. Elimínelas, o cambie una copia.",
    "\"{name}\" is linked from another file. Make it local with Object > Relations > Make Local.":
        "«{name}» está vinculado desde otro archivo. Hágalo local con Objeto > Relaciones > Hacer local.",
    "A blue mug": "A blue mug (en inglés)",
    "All": "Todo",
    "Amount": "Cantidad",
    "Apply Change": "Aplicar cambio",
    "Change": "Cambiar",
    "Change Object": "Cambiar objeto",
    "Change as much as the weights of a vertex group say":
        "Cambia tanto como indican los pesos de un grupo de vértices",
    "Change from Prompt": "Cambiar según el prompt",
    "Change only around the faces that are selected in Edit Mode":
        "Cambia solo alrededor de las caras seleccionadas en el modo Edición",
    "Change the whole object": "Cambia todo el objeto",
    "Description of the new version, such as 'a blue mug'": "Descripción de la nueva versión, por ejemplo «a blue mug»",
    "Give the object its own mesh data if other objects share it":
        "Da al objeto sus propios datos de malla si otros objetos los comparten",
    "How much changes. Up to 0.5, the shape stays and only the colors change. With 1, the old shape is only a hint":
        "Cuánto cambia. Hasta 0,5 la forma se conserva y solo cambian los colores. Con 1, la forma anterior es solo un indicio",
    "Import what the job has made as another object, where its object stood when the job was started":
        "Importa lo que ha hecho el trabajo como otro objeto, donde estaba su objeto cuando empezó el trabajo",
    "Make another version of the active object from a new prompt, in its place":
        "Hace otra versión del objeto activo según un nuevo prompt, en su lugar",
    "No object is active. Click the object to change.":
        "Ningún objeto está activo. Haga clic en el objeto que desea cambiar.",
    "Objects can be changed only in Object Mode. Switch to Object Mode first.":
        "Los objetos solo se pueden cambiar en el modo Objeto. Cambie primero al modo Objeto.",
    "Only the colors change.": "Solo cambian los colores.",
    "Put the finished version in the place of the object that it was made from":
        "Pone la versión terminada en el lugar del objeto del que procede",
    "Put the new version in the place of the object, as it is now":
        "Pone la nueva versión en el lugar del objeto, tal como está ahora",
    "Region": "Región",
    "The job does not name the object that it changes. Import a copy.":
        "El trabajo no indica qué objeto cambia. Importe una copia.",
    "The mesh of \"{name}\" has changed. Undo that and click Apply Change, or import a copy.":
        "La malla de «{name}» ha cambiado. Deshágalo y haga clic en «Aplicar cambio», o importe una copia.",
    "The object \"{name}\" was deleted. Undo that and click Apply Change, or import a copy.":
        "El objeto «{name}» se ha eliminado. Deshágalo y haga clic en «Aplicar cambio», o importe una copia.",
    "The part of the object that changes": "La parte del objeto que cambia",
    "The region is empty. Select some faces in Edit Mode, or change the whole object.":
        "La región está vacía. Seleccione caras en el modo Edición, o cambie todo el objeto.",
    "The shape changes, too.": "También cambia la forma.",
    "The vertex group of the region. Weights between 0 and 1 are a soft edge":
        "El grupo de vértices de la región. Los pesos entre 0 y 1 son un borde suave",
    "\"{name}\" has no surface to start from. Choose a mesh, a curve, or a text.":
        "«{name}» no tiene una superficie de la que partir. Elija una malla, una curva o un texto.",
    "Freedom": "Libertad",
    "Generate an object from the prompt that starts from the selected objects and stands in their place":
        "Genera un objeto a partir del prompt que parte de los objetos seleccionados y queda en su lugar",
    "Hide Originals": "Ocultar originales",
    "Hide the objects in viewports and renders when the result arrives":
        "Oculta los objetos en las vistas y en los renders cuando llega el resultado",
    "How far the shape may depart from the objects. 0 keeps their silhouette, 1 takes them as a hint":
        "Cuánto puede apartarse la forma de los objetos. 0 conserva su silueta, 1 los toma como una pista",
    "Just a hint": "Solo una pista",
    "Keep the silhouette": "Conservar la silueta",
    "Names of the objects to start from, one per line. If it is not set, the objects of the section Start From, if that is on":
        "Nombres de los objetos de partida, uno por línea. Si no se indica, los objetos de la sección Partir de, si está activada",
    "No object to start from is selected. Select meshes, curves, or texts.":
        "No hay ningún objeto de partida seleccionado. Seleccione mallas, curvas o textos.",
    "Objects are read in Object Mode. Switch to Object Mode first.":
        "Los objetos solo se leen en el modo Objeto. Cambie primero al modo Objeto.",
    "Select the objects to start from.": "Seleccione los objetos de partida.",
    "Start From": "Partir de",
    "Start From Selected": "Partir de la selección",
    "Start from the objects that are selected now, instead of the earlier ones":
        "Parte de los objetos seleccionados ahora en lugar de los anteriores",
    "Use Selected": "Usar selección",
    "Start from the selected objects instead of from nothing. The result stands in their place":
        "Parte de los objetos seleccionados en lugar de empezar de cero. El resultado queda en su lugar",
    "Starts from \"{name}\"": "Parte de «{name}»",
    "Starts from {count} objects": "Parte de {count} objetos",
    "The objects have {count} triangles, the limit is {limit}. Select fewer, or use a Decimate modifier.":
        "Los objetos tienen {count} triángulos, el límite es {limit}. Seleccione menos o use un modificador Diezmar.",
    "The selected objects have no faces. Select objects with a surface.":
        "Los objetos seleccionados no tienen caras. Seleccione objetos con superficie.",
    "The side of the objects that the prompt shows from the front":
        "El lado de los objetos que el prompt muestra de frente",
    "and {count} more": "y {count} más",
    "The job no longer knows where its objects stood. The result stands at the 3D cursor.":
        "La tarea ya no sabe dónde estaban sus objetos. El resultado está en el cursor 3D.",
}
# fmt: on
