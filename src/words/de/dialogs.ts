/** Export, recipes of pictures, what is not saved. */
export const dialogs = {
  Format: 'Format',
  'Writing …': 'Wird geschrieben …',
  'Every pixel as it is. A result’s recipe goes along: dropped back, it restores all settings.':
    'Jedes Pixel, wie es ist. Das Rezept eines Ergebnisses ist enthalten: Legen Sie die Datei wieder hier ab, sind alle Einstellungen zurück.',
  'Opens everywhere; what is transparent becomes white. The recipe does not go along: keep a PNG to build on.':
    'Lässt sich überall öffnen; Durchsichtiges wird weiß. Das Rezept ist nicht enthalten: Behalten Sie ein PNG, um daran weiterzuarbeiten.',
  'Smaller than JPEG, and keeps transparency. The recipe does not go along: keep a PNG to build on.':
    'Kleiner als JPEG, und Transparenz bleibt erhalten. Das Rezept ist nicht enthalten: Behalten Sie ein PNG, um daran weiterzuarbeiten.',
  'The smallest; takes a while. The recipe does not go along: keep a PNG to build on.':
    'Am kleinsten; dauert eine Weile. Das Rezept ist nicht enthalten: Behalten Sie ein PNG, um daran weiterzuarbeiten.',
  'With its layers, for Photoshop and its kin. A result’s recipe goes along.':
    'Mit Ebenen, für Photoshop und ähnliche Programme. Das Rezept eines Ergebnisses ist enthalten.',
  'What is hidden, lies beside the picture or is covered by a result is not in the file.':
    'Was ausgeblendet ist, neben dem Bild liegt oder von einem Ergebnis verdeckt wird, ist nicht in der Datei.',
  'Files hold 8 bits a channel, as the studio does. A PNG may hold 16 where the background came as a whole 16-bit PNG of at most 40 megapixels, in colours that the studio converts by itself.':
    'Dateien haben 8 Bit je Kanal, wie das Studio. Ein PNG kann 16 haben, wenn der Hintergrund als unbeschädigtes 16-Bit-PNG von höchstens 40 Megapixeln kam, mit Farben, die das Studio selbst umrechnet.',
  'Looking whether the background has 16 bits a channel …':
    'Es wird nachgesehen, ob der Hintergrund 16 Bit je Kanal hat …',
  'What 16 bits hold beyond that is rounded away.': 'Was 16 Bit darüber hinaus enthalten, wird weggerundet.',
  'Where nothing changed the background keeps its 16 bits exactly; what changed has the fineness of 8. The file is about twice as large.':
    'Wo sich nichts geändert hat, behält der Hintergrund seine 16 Bit genau; Geändertes ist so fein wie 8. Die Datei ist etwa doppelt so groß.',
  'Bits a channel': 'Bit je Kanal',
  'Your last changes are not saved': 'Ihre letzten Änderungen sind nicht gespeichert',
  '“{title}” could not be saved in this browser. Another document in its place takes its last changes away for good.':
    '„{title}“ konnte in diesem Browser nicht gespeichert werden. Mit einem anderen Dokument an seiner Stelle gehen die letzten Änderungen endgültig verloren.',
  'Stay here': 'Hier bleiben',
  'Make room in this browser, or download the picture; then try again.':
    'Schaffen Sie Platz in diesem Browser, oder laden Sie das Bild herunter; versuchen Sie es dann noch einmal.',
  'Leave without saving': 'Ohne Speichern verlassen',
  'What was saved before stays in the list of documents.':
    'Was vorher gespeichert war, bleibt in der Liste der Dokumente.',
  'This picture was made with Inlay': 'Dieses Bild wurde mit Inlay gemacht',
  '{name} carries everything that made it.': '{name} enthält alles, woraus es gemacht wurde.',
  'This browser does not have {names}. Everything else can be restored; add the missing picture again afterwards.':
    'In diesem Browser fehlt {names}. Alles andere lässt sich wiederherstellen; fügen Sie das fehlende Bild danach wieder hinzu.',
  'This browser does not have {names}. Everything else can be restored; add the missing pictures again afterwards.':
    'In diesem Browser fehlen {names}. Alles andere lässt sich wiederherstellen; fügen Sie die fehlenden Bilder danach wieder hinzu.',
  'Restore this recipe': 'Dieses Rezept wiederherstellen',
  'Replaces the layers, the prompt and the settings; undo brings them back.':
    'Ersetzt Ebenen, Prompt und Einstellungen; „Rückgängig“ holt sie zurück.',
  'Use it as a picture': 'Als Bild verwenden',
  'Like any other file.': 'Wie jede andere Datei.',
} as const
