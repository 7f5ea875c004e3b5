/** Cutting out an object, and framing a face. */
export const cutouts = {
  'Cut out the object': 'Objekt freistellen',
  '{name} has no transparency.': '{name} hat keine Transparenz.',
  'Use as is': 'Unverändert verwenden',
  'Use cut-out': 'Freisteller verwenden',
  'How to cut out': 'Wie freigestellt wird',
  'Main object': 'Hauptobjekt',
  'Is found by itself; paint to add or take away.':
    'Wird von selbst gefunden; malen Sie, um etwas hinzuzufügen oder wegzunehmen.',
  'Plain background': 'Einfarbiger Hintergrund',
  'Removes the colour of the corners. Best for studio shots.':
    'Entfernt die Farbe der Ecken. Am besten für Studioaufnahmen.',
  'Draw a box': 'Rahmen ziehen',
  'Drag a box around the object; its outline is found inside.':
    'Ziehen Sie einen Rahmen um das Objekt; darin wird sein Umriss gefunden.',
  'Keep as is': 'Unverändert lassen',
  'Uses the whole rectangle.': 'Nimmt das ganze Rechteck.',
  'Looking for the main object': 'Das Hauptobjekt wird gesucht',
  'Finding the outline': 'Der Umriss wird gesucht',
  'Cutting out at full size': 'Wird in voller Größe freigestellt',
  'The main object could not be found by itself.': 'Das Hauptobjekt ließ sich nicht von selbst finden.',
  'The other ways work without it.': 'Die anderen Wege kommen ohne das aus.',
  'Specks are removed': 'Flecken werden entfernt',
  'Remove 1 speck': '1 Fleck entfernen',
  'Remove {count} specks': '{count} Flecken entfernen',
  'Paint to correct the cut-out': 'Malen, um den Freisteller zu verbessern',
  'The cut-out on a checkerboard': 'Der Freisteller auf Schachbrettmuster',
  'The picture': 'Das Bild',
  Tolerance: 'Toleranz',
  'Soft edge': 'Weicher Rand',
  'Nearly everything': 'Fast alles',
  'Clear|box': 'Rahmen entfernen',
  'Paint to correct it': 'Zum Verbessern malen',
  'X or Alt: the other. Shift: a line from the last place. [ and ]: size.':
    'X oder Alt: das andere. Umschalt: eine Linie von der letzten Stelle. [ und ]: Größe.',
  'Undo the last stroke': 'Letzten Strich rückgängig machen',
  'Paint it again': 'Strich wiederherstellen',
  'Importing {name} …': '{name} wird importiert …',
  'Reading what that is …': 'Wird untersucht …',
  'Drop u2netp, ISNet, BiRefNet, RMBG or MODNet here, as ONNX, and it looks instead.':
    'Legen Sie u2netp, ISNet, BiRefNet, RMBG oder MODNet als ONNX hier ab, dann sucht dieses Netz.',
  'Found by': 'Gefunden von',
  'The built-in network': 'Das eingebaute Netz',
  '“{name}” cannot be used; the built-in network looks.':
    '„{name}“ lässt sich nicht verwenden; das eingebaute Netz sucht.',
  'Found by the browser.': 'Vom Browser gefunden.',
  'A guess: the browser finds no faces. Drag a frame of your own.':
    'Geschätzt: Der Browser findet keine Gesichter. Ziehen Sie selbst einen Rahmen.',
  'Drag a square around the face. Hair belongs to it, shoulders do not.':
    'Ziehen Sie ein Quadrat um das Gesicht. Die Haare gehören dazu, die Schultern nicht.',
  'Size of the frame': 'Größe des Rahmens',
  'Left and right': 'Links und rechts',
  'Up and down': 'Oben und unten',
  Suggest: 'Vorschlagen',
  'Whole picture': 'Ganzes Bild',
  'Without a frame the whole picture is used, as a subject.':
    'Ohne Rahmen wird das ganze Bild verwendet, als Motiv.',
} as const
