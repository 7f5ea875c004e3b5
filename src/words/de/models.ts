/** The manager of models: weights that are brought, kept and removed. */
export const models = {
  'Put away': 'Weglegen',
  'Details|problem': 'Details',
  '{name} and {n} more': '{name} und {n} weitere',
  '{count} parameters': '{count} Parameter',
  'It is for': 'Wofür es ist',
  'Keep large weights as': 'Große Gewichte behalten als',
  '4-bit': '4 Bit',
  '8-bit': '8 Bit',
  '16-bit': '16 Bit',
  'Smallest and quickest; slightly coarser.': 'Am kleinsten und schnellsten; ein wenig gröber.',
  'Hardly to be told from the original.': 'Vom Original kaum zu unterscheiden.',
  'As exact as published files mostly are.': 'So genau, wie veröffentlichte Dateien meist sind.',
  '{size} are done already; the import goes on there.':
    '{size} sind schon fertig; dort wird der Import fortgesetzt.',
  'The browser gives this studio {free} more; this takes {size}.':
    'Der Browser gibt diesem Studio noch {free}; das hier braucht {size}.',
  '{size} on disk': '{size} Speicherplatz',
  Imports: 'Importe',
  '{n} models found.': '{n} Modelle gefunden.',
  'Import all': 'Alle importieren',
  'Free the space of unfinished imports': 'Speicherplatz unfertiger Importe freigeben',
  Installed: 'Installiert',
  'Looking …': 'Wird gesucht …',
  'Nothing yet. What is built in needs nothing from here.':
    'Noch nichts. Was eingebaut ist, braucht von hier nichts.',
  'Add weights': 'Gewichte hinzufügen',
  'Drop them here|weights': 'Hier ablegen',
  'Reading what that is …|weights': 'Wird gelesen …',
  'Drop weights anywhere here': 'Gewichte irgendwo hier ablegen',
  'safetensors files or folders, tokenizer.json, networks that cut out as ONNX. They are converted once and kept in this browser; nothing is uploaded.':
    'safetensors-Dateien oder -Ordner, tokenizer.json, Netze zum Freistellen als ONNX. Sie werden einmal umgewandelt und in diesem Browser aufbewahrt; nichts wird hochgeladen.',
  Files: 'Dateien',
  Folder: 'Ordner',
  Address: 'Adresse',
  'This is no complete address. It begins with https://':
    'Das ist keine vollständige Adresse. Sie beginnt mit https://',
  'Only https addresses are asked, or http on this machine.':
    'Abgerufen werden nur https-Adressen, oder http auf diesem Rechner.',
  'A sha256 has 64 hexadecimal digits.': 'Ein sha256 hat 64 hexadezimale Stellen.',
  'Address of one file': 'Adresse einer Datei',
  'from the file': 'aus der Datei',
  'sha256, if you know it': 'sha256, falls bekannt',
  'If it is a LoRA, it is for': 'Falls es eine LoRA ist: wofür',
  'found from its tensors': 'an den Tensoren erkennen',
  'The only address that will be asked. Its server must allow this page to read it.':
    'Nur diese Adresse wird abgerufen. Ihr Server muss dieser Seite das Lesen erlauben.',
  'Download and import': 'Herunterladen und importieren',
  'Verify {name}': '{name} prüfen',
  'Save a copy of {name}': 'Kopie von {name} speichern',
  'Rename {name}|model': '{name} umbenennen',
  'Remove {name}|model': '{name} entfernen',
  'Remove {name}?': '{name} entfernen?',
  'Remove it from this browser?': 'Aus diesem Browser entfernen?',
  What: 'Was',
  Licence: 'Lizenz',
  'not stated in the files; see where you got them':
    'in den Dateien nicht angegeben; sehen Sie dort nach, wo Sie sie bekommen haben',
  Parameters: 'Parameter',
  'Made from': 'Erstellt aus',
  Imported: 'Importiert',
  'Checking every byte': 'Jedes Byte wird geprüft',
  Copying: 'Wird kopiert',
  '{done} of {total}|bytes': '{done} von {total}',
  '{n} of {total}|count': '{n} von {total}',
  'Every byte is as it was imported.': 'Jedes Byte ist so, wie es importiert wurde.',
  'New name of {name}|model': 'Neuer Name von {name}',
  'What {name} is for': 'Wofür {name} ist',
  'This device': 'Dieses Gerät',
  'Measuring …': 'Wird gemessen …',
  Measure: 'Messen',
  'Two seconds of measuring tell how long a picture takes here, before you download anything.':
    'Zwei Sekunden Messen zeigen, wie lange ein Bild hier dauert, bevor Sie etwas herunterladen.',
  '{device}: {layers} TFLOP/s in layers, {attention} in attention.':
    '{device}: {layers} TFLOP/s in Schichten, {attention} in Attention.',
  '{device}: {layers} TFLOP/s in layers, {attention} in attention, {disk} GB/s from disk.':
    '{device}: {layers} TFLOP/s in Schichten, {attention} in Attention, {disk} GB/s vom Datenträger.',
  'Computed from the arithmetic, with weights that fit into memory and a new prompt.':
    'Aus dem Rechenaufwand berechnet, mit Gewichten, die in den Speicher passen, und einem neuen Prompt.',
  needed: 'nötig',
  'once per prompt': 'einmal je Prompt',
  recommended: 'empfohlen',
  optional: 'optional',
  'What each mode needs': 'Was jeder Modus braucht',
  'What a mode needs': 'Was ein Modus braucht',
  '{n} of {total} installed. Open an entry to see where its authors publish it.':
    '{n} von {total} installiert. Öffnen Sie einen Eintrag, um zu sehen, wo seine Autoren ihn veröffentlichen.',
  ', installed': ', installiert',
  ', missing': ', fehlt',
  Where: 'Wo',
  '{repository} on Hugging Face': '{repository} auf Hugging Face',
  '{size} to download': '{size} herunterzuladen',
  Note: 'Hinweis',
  'Without a network': 'Ohne Netz',
  'Remove the kept built-in models': 'Die gespeicherten eingebauten Modelle entfernen',
  'Inlay is being stored, so that it opens without a network.':
    'Inlay wird gespeichert, damit es sich ohne Netz öffnen lässt.',
  'Inlay opens and fuses without a network. Its built-in models take {size} on this device.':
    'Inlay öffnet sich und verschmilzt ohne Netz. Seine eingebauten Modelle belegen {size} auf diesem Gerät.',
  'Storing, {done} of {total}': 'Wird gespeichert, {done} von {total}',
  'Storing the built-in models': 'Die eingebauten Modelle werden gespeichert',
  'Inlay opens without a network. To fuse without one, too, keep its built-in models and samples on this device.':
    'Inlay öffnet sich ohne Netz. Um auch ohne Netz zu verschmelzen, behalten Sie seine eingebauten Modelle und Beispiele auf diesem Gerät.',
  'Inlay opens without a network. To fuse without one, too, keep its built-in models and samples on this device: {done} of {total} are kept.':
    'Inlay öffnet sich ohne Netz. Um auch ohne Netz zu verschmelzen, behalten Sie seine eingebauten Modelle und Beispiele auf diesem Gerät: {done} von {total} sind gespeichert.',
  'Keep built-in models for offline use': 'Eingebaute Modelle offline behalten',
  Downloading: 'Wird heruntergeladen',
  Converting: 'Wird umgewandelt',
  Checking: 'Wird geprüft',
  Waiting: 'Wartet',
  'Stopping|import': 'Wird angehalten',
  'Put {name} away': '{name} weglegen',
  '{stage} {name}|import': '{stage}: {name}',
  '{time} left|time': 'noch {time}',
  'Stopped.': 'Angehalten.',
  'Stopped. {size} are kept, to go on from.':
    'Angehalten. {size} sind gespeichert; dort lässt es sich fortsetzen.',
  'Cut off with {done} of {total} done.': 'Abgebrochen, als {done} von {total} fertig waren.',
  'Drop {files} again to go on.': 'Legen Sie zum Fortsetzen {files} noch einmal ab.',
  'Forget {name}': '{name} vergessen',
  'The browser does not say how much it stores.': 'Der Browser sagt nicht, wie viel er speichert.',
  '{size} used': '{size} belegt',
  '{size} used of {quota} that the browser gives': '{size} belegt von {quota}, die der Browser gibt',
  'Kept until you remove it': 'Bleibt, bis Sie es entfernen',
  'Asks the browser not to clear this by itself when the disk runs short':
    'Bittet den Browser, dies nicht von selbst zu löschen, wenn der Speicherplatz knapp wird',
  'Keep it safe': 'Dauerhaft behalten',
  'Texts for FLUX.2 [klein]': 'Texte für FLUX.2 [klein]',
  'What the text encoder makes of a text is kept here, so that it reads every text once.':
    'Was der Textencoder aus einem Text macht, wird hier aufbewahrt; so liest er jeden Text nur einmal.',
  '{n} text is kept, {size}: it needs the text encoder no longer.':
    '{n} Text ist gespeichert, {size}: Er braucht den Textencoder nicht mehr.',
  '{n} texts are kept, {size}: they need the text encoder no longer.':
    '{n} Texte sind gespeichert, {size}: Sie brauchen den Textencoder nicht mehr.',
  '{n} of the {total} built-in texts of Place are not kept yet.':
    '{n} der {total} eingebauten Texte von Place sind noch nicht gespeichert.',
  'For “{name}”: {n} of the {total} built-in texts of Place are not kept yet.':
    'Für „{name}“: {n} der {total} eingebauten Texte von Place sind noch nicht gespeichert.',
  'All built-in texts of Place are kept.': 'Alle eingebauten Texte von Place sind gespeichert.',
  'For “{name}”: all built-in texts of Place are kept.':
    'Für „{name}“: Alle eingebauten Texte von Place sind gespeichert.',
  'Without words of your own, Place runs without the encoder: removing “{name}” frees {size}.':
    'Ohne eigene Worte läuft Place ohne den Encoder: „{name}“ zu entfernen gibt {size} frei.',
  'Reading the instructions': 'Die Anweisungen werden gelesen',
  'Afterwards the encoder can be removed': 'Danach kann der Encoder entfernt werden',
  'Keep the instructions': 'Anweisungen speichern',
  'Remove the encoder': 'Encoder entfernen',
} as const
