/** Place on klein. */
export const klein = {
  'Pictures at once': 'Bilder auf einmal',
  'Each has a seed of its own; you choose between them.': 'Jedes hat einen eigenen Seed; Sie wählen aus.',
  'The part around the object is made at your photo’s own resolution, up to this squared; what is larger is scaled down and enlarged again.':
    'Der Bereich um das Objekt entsteht in der Auflösung Ihres Fotos, bis zu diesem Maß im Quadrat; Größeres wird verkleinert und wieder vergrößert.',
  'klein was made for 4, its Base model for 50.': 'klein ist für 4 gemacht, sein Base-Modell für 50.',
  'klein transformer': 'klein-Transformer',
  'for klein': 'für klein',
  On: 'Ein',
  Off: 'Aus',
  '{choice} (default)': '{choice} (Standard)',
  'Sees the cut-out alone': 'Sieht den Freisteller allein',
  'A second reference, beside the photo with the cut-out pasted in.':
    'Eine zweite Referenz neben dem Foto mit eingesetztem Freisteller.',
  'Sees the photo without it': 'Sieht das Foto ohne ihn',
  'One more reference; costs a third of the time.': 'Eine Referenz mehr; kostet ein Drittel der Zeit.',
  'Holds the surroundings': 'Hält die Umgebung fest',
  'The photo is put back outside the object’s zone after every step.':
    'Nach jedem Schritt wird außerhalb des Objektbereichs das Foto wieder eingesetzt.',
  'Reads the text’s padding': 'Liest die Füllzeichen des Textes',
  'As the release does; without it each step is shorter.':
    'Wie in der Veröffentlichung; ohne sie ist jeder Schritt kürzer.',
  'Optional. What is placed: a red metal cube': 'Optional. Was platziert wird: a red metal cube',
  Instruction: 'Anweisung',
  'The scene, in your words': 'Die Szene in Ihren Worten',
  'Optional. What the whole picture shows, in 30 to 80 words':
    'Optional. Was das ganze Bild zeigt, in 30 bis 80 Wörtern auf Englisch',
  'The built-in instruction': 'Die eingebaute Anweisung',
  'An instruction with your words': 'Eine Anweisung mit Ihren Worten',
  'Once it has been read, it runs without the text encoder.': 'Einmal gelesen, läuft sie ohne Textencoder.',
  'New words need the text encoder, or a text that was kept.':
    'Neue Wörter brauchen den Textencoder oder einen aufbewahrten Text.',
} as const
