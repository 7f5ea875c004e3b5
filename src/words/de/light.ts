/** Place: light and what it does. */
export const light = {
  First: 'Erstes',
  Second: 'Zweites',
  'Add a second light': 'Zweites Licht hinzufügen',
  'Light that is moved': 'Bewegtes Licht',
  'Remove the first light': 'Erstes Licht entfernen',
  'Remove the second light': 'Zweites Licht entfernen',
  'from the right, {degrees} degrees high': 'von rechts, {degrees} Grad hoch',
  'from the right, behind, {degrees} degrees high': 'von rechts hinten, {degrees} Grad hoch',
  'from behind, {degrees} degrees high': 'von hinten, {degrees} Grad hoch',
  'from the left, behind, {degrees} degrees high': 'von links hinten, {degrees} Grad hoch',
  'from the left, {degrees} degrees high': 'von links, {degrees} Grad hoch',
  'from the left, in front, {degrees} degrees high': 'von links vorn, {degrees} Grad hoch',
  'from the front, {degrees} degrees high': 'von vorn, {degrees} Grad hoch',
  'from the right, in front, {degrees} degrees high': 'von rechts vorn, {degrees} Grad hoch',
  '{degrees}° high': '{degrees}° hoch',
  'By hand': 'Von Hand',
  Guessed: 'Geschätzt',
  'A first guess from the picture, often wrong. Words of light in the prompt choose; whatever you move is yours.':
    'Eine erste Schätzung aus dem Bild, oft falsch. Wörter zum Licht im Prompt wählen aus; was Sie bewegen, bleibt, wie Sie es setzen.',
  'As you set it.': 'Wie Sie es einstellen.',
  'Hardly any light from one side was found: the sky may be overcast, or the picture does not tell. Drag the light and raise Shadow to decide.':
    'Kaum Licht aus einer Richtung gefunden: Der Himmel ist vielleicht bedeckt, oder das Bild verrät es nicht. Ziehen Sie das Licht und erhöhen Sie „Schatten“, um selbst zu entscheiden.',
  'Light and horizon': 'Licht und Horizont',
  'Guess, by seed': 'Schätzung nach Seed',
  'How much of the light comes from there; the rest comes from all sides.':
    'Wie viel des Lichts von dort kommt; der Rest kommt von allen Seiten.',
  'Of the second light.': 'Des zweiten Lichts.',
  Softness: 'Weichheit',
  'Where level lines meet, from the picture’s top edge. It decides how shadows lie.':
    'Wo waagerechte Linien zusammenlaufen, vom oberen Bildrand aus. Bestimmt, wie Schatten liegen.',
  'Roughness of the ground': 'Rauheit des Bodens',
  'Field of view': 'Bildwinkel',
  'Tilt of the horizon': 'Neigung des Horizonts',
  'Shades the object by the light that is set here.': 'Schattiert das Objekt nach dem hier gesetzten Licht.',
  'Brings brightness and colour towards the picture around it.':
    'Gleicht Helligkeit und Farbe an das umgebende Bild an.',
  'Takes the old background’s colour out of the outline.':
    'Nimmt die Farbe des alten Hintergrunds aus der Kontur.',
  'Adds the picture’s blur and noise where the object has less.':
    'Fügt Unschärfe und Rauschen des Bildes hinzu, wo das Objekt weniger davon hat.',
  'Lays the blades of a lawn over the feet of what stands in it.':
    'Legt die Halme eines Rasens über die Füße dessen, was darin steht.',
  'Three lights that the photo may have': 'Drei mögliche Beleuchtungen des Fotos',
  'Three lights that this photo may have. Choose one; Accept keeps it.':
    'Drei mögliche Beleuchtungen dieses Fotos. Wählen Sie eine; „Übernehmen“ behält sie.',
} as const
