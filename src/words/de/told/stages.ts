/** What is going on, which device runs it, and how a run would go. */
export const stages = {
  Stopping: 'Wird angehalten',
  'Keeping the result': 'Das Ergebnis wird gespeichert',
  'Getting ready': 'Wird vorbereitet',
  'Applying at full resolution': 'Wird in voller Auflösung angewendet',
  'Reading the prompt': 'Der Prompt wird gelesen',
  'Reading the pictures': 'Die Bilder werden gelesen',
  'Following your picture back to noise': 'Ihr Bild wird ins Rauschen zurückverfolgt',
  'Loading the transformer': 'Der Transformer wird geladen',
  'Developing the picture': 'Das Bild wird entwickelt',
  'Developing what is finished': 'Was fertig ist, wird entwickelt',
  '{told}, step {n} of {n2}': '{told}, Schritt {n} von {n2}',
  'Reading the scene {n} of {n2}': 'Szene {n} von {n2} wird gelesen',
  'Reading the scene': 'Die Szene wird gelesen',
  'Loading the model, {n} of {n2}': 'Das Modell wird geladen, {n} von {n2}',
  'Waiting for the engine': 'Warten auf die Engine',
  'You chose the GPU: {detail}.': 'Sie haben die GPU gewählt: {detail}.',
  'Running on your GPU: {detail}.': 'Rechnet auf Ihrer GPU: {detail}.',
  'Its driver computes wrong numbers in {detail}: another way is taken.':
    'Ihr Treiber rechnet bei {detail} falsch: Es wird ein anderer Weg genommen.',
  'Running on the CPU: {told}': 'Rechnet auf der CPU: {told}',
  'Running on the CPU: {detail}.': 'Rechnet auf der CPU: {detail}.',
  'You chose the CPU.': 'Sie haben die CPU gewählt.',
  'The only GPU adapter is emulated ({name}); the CPU is faster.':
    'Der einzige GPU-Adapter ist nur nachgebildet ({name}); die CPU ist schneller.',
  'no GPU adapter was found': 'Es wurde kein GPU-Adapter gefunden',
  'this browser has no WebGPU': 'Dieser Browser hat kein WebGPU',
  'browsers give the GPU to secure addresses only (localhost or https)':
    'Browser geben die GPU nur an sichere Adressen (localhost oder https)',
  'the GPU did not answer ({detail})': 'Die GPU hat nicht geantwortet ({detail})',
  'It fits: {n} of weights and up to {n2} for the picture, within {n3}.':
    'Es passt: {n} Gewichte und bis zu {n2} für das Bild, innerhalb von {n3}.',
  'It fits: {n} of weights and up to {n2} for the pictures, within {n3}.':
    'Es passt: {n} Gewichte und bis zu {n2} für die Bilder, innerhalb von {n3}.',
  'It needs {n} where {n2} may be used, so {n3} of weights are read from disk in every step: allow more memory or choose a smaller picture to avoid it.':
    'Gebraucht werden {n}, erlaubt sind {n2}; darum werden in jedem Schritt {n3} Gewichte von der Platte gelesen. Mehr Speicher erlauben oder ein kleineres Bild wählen vermeidet das.',
  'It needs {n} where {n2} may be used, so {n3} of weights are read from disk in every step, about {n4} more each: allow more memory or choose a smaller picture to avoid it.':
    'Gebraucht werden {n}, erlaubt sind {n2}; darum werden in jedem Schritt {n3} Gewichte von der Platte gelesen, je etwa {n4} länger. Mehr Speicher erlauben oder ein kleineres Bild wählen vermeidet das.',
  'It needs {n} and may use {n2}: import the U-Net at 4 bits, choose smaller pictures, or allow more memory in Models.':
    'Gebraucht werden {n}, erlaubt sind {n2}: Importieren Sie das U-Net mit 4 Bit, wählen Sie kleinere Bilder oder erlauben Sie unter „Modelle“ mehr Speicher.',
  'Even block by block it needs {n} where {n2} may be used: choose a smaller picture or fewer references, or allow more memory.':
    'Selbst Block für Block werden {n} gebraucht, erlaubt sind {n2}: Wählen Sie ein kleineres Bild oder weniger Referenzen, oder erlauben Sie mehr Speicher.',
  'This needs one piece of {n} for the picture, and this GPU takes at most {n2}: choose a smaller picture or fewer references.':
    'Das Bild braucht ein Stück von {n}, und diese GPU nimmt höchstens {n2}: Wählen Sie ein kleineres Bild oder weniger Referenzen.',
  'This needs one piece of {n} for a weight, and this GPU takes at most {n2}: import the model at 4 or 8 bits.':
    'Ein Gewicht braucht ein Stück von {n}, und diese GPU nimmt höchstens {n2}: Importieren Sie das Modell mit 4 oder 8 Bit.',
  '{n} tokens a step, {n2} TFLOP at most: measure this device in Models to see how long that takes.':
    '{n} Tokens je Schritt, höchstens {n2} TFLOP: Messen Sie dieses Gerät unter „Modelle“, um zu sehen, wie lange das dauert.',
  'This is Base, which needs about 50 steps.': 'Das ist Base, das etwa 50 Schritte braucht.',
  'Running on the CPU: {told}.': 'Rechnet auf der CPU: {told}.',
  Fusing: 'Verschmelzen',
  Sampling: 'Bilder erzeugen',
  Inverting: 'Bilder zurückverfolgen',
  'Trying mixtures': 'Mischungen ausprobieren',
  'Pair {n} of {n2}': 'Paar {n} von {n2}',
} as const
