/** Problems with pictures. */
export const pictures = {
  'A picture cannot get this size.': 'Ein Bild kann diese Größe nicht bekommen.',
  'Choose a larger picture.': 'Wählen Sie ein größeres Bild.',
  'Lower the tolerance, paint over what is to be kept, or draw the box more loosely.':
    'Verringern Sie die Toleranz, übermalen Sie, was bleiben soll, oder ziehen Sie den Rahmen weiter.',
  'Nothing would be left of the picture.': 'Vom Bild bliebe nichts übrig.',
  'Choose it again, or another way to cut out.':
    'Wählen Sie es noch einmal oder eine andere Art, freizustellen.',
  'Looking for the main object was stopped.': 'Die Suche nach dem Hauptobjekt wurde angehalten.',
  'What this picture needs is not there any more.': 'Was dieses Bild braucht, ist nicht mehr da.',
  'Check that the studio is still being served, then try again.':
    'Prüfen Sie, ob das Studio noch erreichbar ist, und versuchen Sie es noch einmal.',
  'The sample “{name}” could not be loaded.': 'Das Beispiel „{name}“ konnte nicht geladen werden.',
  'Choose a picture with something visible in it.': 'Wählen Sie ein Bild, auf dem etwas zu sehen ist.',
  'Choose pictures with something visible in them.': 'Wählen Sie Bilder, auf denen etwas zu sehen ist.',
  'This picture is fully transparent.': 'Dieses Bild ist völlig durchsichtig.',
  'The whole picture resembles its corners.': 'Das ganze Bild ähnelt seinen Ecken.',
  'Lower the tolerance, or draw a box instead.':
    'Verringern Sie die Toleranz, oder ziehen Sie stattdessen einen Rahmen.',
  'Scaled down from {n} × {n2} to {n3} × {n4} pixels to fit in memory.':
    'Von {n} × {n2} auf {n3} × {n4} Pixel verkleinert, damit es in den Speicher passt.',
  '“{name}” is too large. It has {n} × {n2} pixels.': '„{name}“ ist zu groß. Es hat {n} × {n2} Pixel.',
  '“{name}” is too large. The file has {n} MB.': '„{name}“ ist zu groß. Die Datei hat {n} MB.',
  'Scale it down to at most {n} pixels per side and {n2} megapixels.':
    'Verkleinern Sie es auf höchstens {n} Pixel je Seite und {n2} Megapixel.',
  '“{name}” has no pixels.': '„{name}“ hat keine Pixel.',
  'Choose another file.': 'Wählen Sie eine andere Datei.',
  '“{name}” ends too early.': '„{name}“ endet zu früh.',
  'Copy or download it again.': 'Kopieren oder laden Sie sie noch einmal.',
  '“{name}” is damaged and cannot be read.': '„{name}“ ist beschädigt und nicht lesbar.',
  'Open and save it again in another program.': 'Öffnen und speichern Sie sie in einem anderen Programm neu.',
  'This browser cannot read the {format} file “{name}”.':
    'Dieser Browser kann die {format}-Datei „{name}“ nicht lesen.',
  'Save it as JPEG or PNG first.': 'Speichern Sie sie zuerst als JPEG oder PNG.',
  '“{name}” is an SVG drawing.': '„{name}“ ist eine SVG-Zeichnung.',
  '“{name}” is a TIFF file.': '„{name}“ ist eine TIFF-Datei.',
  'Export it as PNG first.': 'Exportieren Sie sie zuerst als PNG.',
  'Its colour profile cannot be read; its colours were taken as sRGB.':
    'Das Farbprofil ist nicht lesbar; die Farben wurden als sRGB genommen.',
  'Its colours were converted from {name} to sRGB by the browser.':
    'Die Farben hat der Browser von {name} in sRGB umgerechnet.',
  'Its colours were converted from {name} to sRGB.': 'Die Farben wurden von {name} in sRGB umgerechnet.',
  'This picture ends too early: its last rows may be missing.':
    'Dieses Bild endet zu früh: Die letzten Zeilen können fehlen.',
  'This kind of picture is read as the browser shows it.':
    'Diese Art Bild wird so gelesen, wie der Browser sie zeigt.',
  '“{name}” is not a picture that we know.': '„{name}“ ist kein Bild, das wir kennen.',
  'Use PNG, JPEG, WebP, AVIF, GIF or BMP.': 'Nehmen Sie PNG, JPEG, WebP, AVIF, GIF oder BMP.',
  'Of the Photoshop document the flat picture is used, not the layers.':
    'Vom Photoshop-Dokument wird das flache Bild genommen, nicht die Ebenen.',
  '“{name}” holds layers alone.': '„{name}“ enthält nur Ebenen.',
  'Save it as PNG and drop that.': 'Speichern Sie es als PNG, und legen Sie das hier ab.',
  'Its colours ({name}) were taken as sRGB: save it as PNG to keep them.':
    'Die Farben ({name}) wurden als sRGB genommen: Speichern Sie es als PNG, um sie zu behalten.',
  '“{name}” is a Photoshop document, but not of 8-bit RGB.':
    '„{name}“ ist ein Photoshop-Dokument, aber nicht in 8-Bit-RGB.',
  'This picture is made for print (CMYK); its colours were converted to RGB roughly.':
    'Dieses Bild ist für den Druck (CMYK); die Farben wurden grob in RGB umgerechnet.',
  'This picture is animated; its first frame is used.':
    'Dieses Bild ist animiert; genommen wird das erste Einzelbild.',
  'This picture is damaged or cut short: what is missing is left transparent.':
    'Dieses Bild ist beschädigt oder abgeschnitten: Was fehlt, bleibt durchsichtig.',
  '“{name}” is empty.': '„{name}“ ist leer.',
  'Nothing in the box stands out from its surroundings.': 'Im Rahmen hebt sich nichts von der Umgebung ab.',
  'Draw the box closer around the object.': 'Ziehen Sie den Rahmen enger um das Objekt.',
  'The box does not enclose a part of the picture.': 'Der Rahmen umschließt keinen Teil des Bildes.',
  'Draw it around the object.': 'Ziehen Sie ihn um das Objekt.',
  'Paint over what is to be kept.': 'Übermalen Sie, was bleiben soll.',
  'No object was found in this picture.': 'In diesem Bild wurde kein Objekt gefunden.',
  'Paint over it, or draw a box around it.': 'Übermalen Sie es, oder ziehen Sie einen Rahmen darum.',
  'The cut-out was stopped.': 'Das Freistellen wurde angehalten.',
  'Start it again when you like.': 'Starten Sie es neu, wenn Sie möchten.',
  'The box lies outside the background.': 'Der Rahmen liegt außerhalb des Hintergrunds.',
  'Move it so that at least a part lies on the picture.':
    'Schieben Sie ihn so, dass wenigstens ein Teil auf dem Bild liegt.',
  'The box is too small to hold a picture.': 'Der Rahmen ist zu klein für ein Bild.',
  'Draw a larger box.': 'Ziehen Sie einen größeren Rahmen.',
  'The foreground is fully transparent.': 'Der Vordergrund ist völlig durchsichtig.',
  'This PNG is damaged.': 'Dieses PNG ist beschädigt.',
  'Save it again from another program.': 'Speichern Sie es aus einem anderen Programm neu.',
  'This is not a PNG picture.': 'Das ist kein PNG-Bild.',
  'This PNG is damaged or ends too early.': 'Dieses PNG ist beschädigt oder endet zu früh.',
  'This PNG ends too early.': 'Dieses PNG endet zu früh.',
  'This picture has no pixels.': 'Dieses Bild hat keine Pixel.',
  'Export it again from the program that made it.':
    'Exportieren Sie es aus dem Programm neu, das es gemacht hat.',
  'Writing these layers would take more memory than a page is sure to get.':
    'Diese Ebenen zu schreiben bräuchte mehr Speicher, als eine Seite sicher bekommt.',
  'Download PNG instead: it holds the picture without its layers.':
    'Laden Sie stattdessen PNG herunter: Es enthält das Bild ohne seine Ebenen.',
  'This picture has more layers than a Photoshop document of 2 GB is sure to hold.':
    'Dieses Bild hat mehr Ebenen, als ein Photoshop-Dokument von 2 GB sicher fasst.',
  'A Photoshop document is at most 30,000 pixels a side; this picture has {n} × {n2}.':
    'Ein Photoshop-Dokument hat höchstens 30.000 Pixel je Seite; dieses Bild hat {n} × {n2}.',
  'The recipe in this picture cannot be read.': 'Das Rezept in diesem Bild ist nicht lesbar.',
  'It may come from a newer version of Inlay; the picture itself can still be used.':
    'Es stammt vielleicht aus einer neueren Version von Inlay; das Bild selbst ist weiter nutzbar.',
  'Click into the prompt to paste text there; to add a picture, save it first and drop its file here.':
    'Klicken Sie in den Prompt, um Text einzufügen; um ein Bild hinzuzufügen, speichern Sie es zuerst, und legen Sie die Datei hier ab.',
  'That is text, not a picture.': 'Das ist Text, kein Bild.',
  'Save the picture first, then drop its file here.':
    'Speichern Sie das Bild zuerst, und legen Sie dann die Datei hier ab.',
  'That is a link, not a picture.': 'Das ist ein Link, kein Bild.',
  'Your document is intact. If it happens again with the same picture, save it anew from another program.':
    'Ihr Dokument ist unversehrt. Passiert es mit demselben Bild noch einmal, speichern Sie es aus einem anderen Programm neu.',
  'Working on this picture did not come to an end.': 'Die Arbeit an diesem Bild kam zu keinem Ende.',
  'It has been started again and your document is intact; try that again.':
    'Er wurde neu gestartet, und Ihr Dokument ist unversehrt; versuchen Sie es noch einmal.',
  'The part of the studio that works on pictures stopped unexpectedly.':
    'Der Teil des Studios, der Bilder bearbeitet, ist unerwartet stehen geblieben.',
  'Its encoder comes when it is first used: try again online, or choose another format.':
    'Der Encoder kommt erst bei der ersten Nutzung: Versuchen Sie es online noch einmal, oder wählen Sie ein anderes Format.',
  'Choose another format; PNG works everywhere.': 'Wählen Sie ein anderes Format; PNG geht überall.',
  'This browser could not write the picture as {name}.':
    'Dieser Browser konnte das Bild nicht als {name} schreiben.',
  'Export it again whenever you like.': 'Exportieren Sie es neu, wann immer Sie möchten.',
  'The picture was not written.': 'Das Bild wurde nicht geschrieben.',
  'The picture is too large.': 'Das Bild ist zu groß.',
  'Pictures have at most {n} megapixels; the studio itself makes none that is larger.':
    'Bilder haben höchstens {n} Megapixel; das Studio selbst macht keine größeren.',
  'This browser cannot draw small pictures.': 'Dieser Browser kann keine kleinen Bilder zeichnen.',
  'Download PNG instead.': 'Laden Sie stattdessen PNG herunter.',
  'What changed is no longer known.': 'Was sich geändert hat, ist nicht mehr bekannt.',
  'Show the result again.': 'Zeigen Sie das Ergebnis noch einmal.',
  'A picture could not be saved.': 'Ein Bild konnte nicht gespeichert werden.',
  'Restore its recipe first; what is open now can be brought back with undo.':
    'Stellen Sie zuerst sein Rezept wieder her; was jetzt offen ist, holt „Rückgängig“ zurück.',
  'This result was made on another background.': 'Dieses Ergebnis entstand auf einem anderen Hintergrund.',
  'Fuse again.': 'Verschmelzen Sie noch einmal.',
  'Reading the photo was stopped.': 'Das Lesen des Fotos wurde angehalten.',
  '{file}: {told}': '{file}: {told}',
  'The studio works with 8 bits a channel; as a background this picture keeps its 16 for the export as PNG.':
    'Das Studio arbeitet mit 8 Bit je Kanal; als Hintergrund behält dieses Bild seine 16 für den Export als PNG.',
  '16 bits per channel were reduced to 8.': '16 Bit je Kanal wurden auf 8 verringert.',
  'This picture is not as large as its background, whose 16 bits it would have.':
    'Dieses Bild ist nicht so groß wie sein Hintergrund, dessen 16 Bit es hätte.',
  'Export it with 8 bits a channel.': 'Exportieren Sie es mit 8 Bit je Kanal.',
  'The background’s 16 bits are no longer stored.':
    'Die 16 Bit des Hintergrunds sind nicht mehr gespeichert.',
  'Export the picture with 8.': 'Exportieren Sie das Bild mit 8.',
} as const
