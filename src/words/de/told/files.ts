/** Problems with files of weights. */
export const files = {
  'The file "{name}" cannot be read.': 'Die Datei „{name}“ ist nicht lesbar.',
  '“{name}” cannot be read.': '„{name}“ ist nicht lesbar.',
  'It may have been moved, or the system keeps it from being read.':
    'Vielleicht wurde sie verschoben, oder das System lässt sie nicht lesen.',
  'Drop it in, or open it again.': 'Legen Sie sie hier ab, oder öffnen Sie sie noch einmal.',
  'What another program shared with the studio cannot be read.':
    'Was ein anderes Programm mit dem Studio geteilt hat, ist nicht lesbar.',
  'Share it again, or drop it in.': 'Teilen Sie es noch einmal, oder legen Sie es hier ab.',
  'This file holds a tensor that is not understood: "{name}".':
    'Diese Datei enthält einen Tensor, der nicht verstanden wird: „{name}“.',
  'It may be packed, or a relative of the model that cannot be used. Get the model as its authors publish it.':
    'Vielleicht ist er gepackt, oder es ist ein Verwandter des Modells, der nicht nutzbar ist. Holen Sie das Modell, wie die Autoren es veröffentlichen.',
  'The tensor "{name}" is packed, or lacks its scale: it is stored as {detail}.':
    'Der Tensor „{name}“ ist gepackt, oder ihm fehlt die Skala: Er ist als {detail} gespeichert.',
  'Get the bf16, f16 or fp8 safetensors file as its authors publish it; Inlay makes 4 or 8 bits of it.':
    'Holen Sie die safetensors-Datei in bf16, f16 oder fp8, wie die Autoren sie veröffentlichen; Inlay macht daraus 4 oder 8 Bit.',
  'The file "{name}" is missing.': 'Die Datei „{name}“ fehlt.',
  'Choose all parts of the model together, with their index file.':
    'Wählen Sie alle Teile des Modells zusammen, mit ihrer Indexdatei.',
  'Get the file "{name}" again from where it came.':
    'Holen Sie die Datei „{name}“ noch einmal, woher sie kam.',
  'The tensor "{name}" is in two files.': 'Der Tensor „{name}“ steht in zwei Dateien.',
  'Choose the files of one model only.': 'Wählen Sie nur die Dateien eines Modells.',
  'The file "{name}" is broken: {detail}.': 'Die Datei „{name}“ ist beschädigt: {detail}.',
  '“{name}” is no ONNX model, or a damaged one.': '„{name}“ ist kein ONNX-Modell oder ein beschädigtes.',
  'Get the file again from where it came; a download that broke off looks like this.':
    'Holen Sie die Datei noch einmal, woher sie kam; so sieht ein abgebrochener Download aus.',
  '“{name}” has rotated 8-bit weights (ConvRot), which are not supported.':
    '„{name}“ hat gedrehte 8-Bit-Gewichte (ConvRot), die nicht unterstützt werden.',
  '“{name}” is quantised in a way that is not supported ({detail}).':
    '„{name}“ ist auf eine Weise quantisiert, die nicht unterstützt wird ({detail}).',
  'The scales "{name}" are packed themselves.': 'Die Skalen „{name}“ sind selbst gepackt.',
  'The scales "{name}" are not one per tensor or per row.':
    'Die Skalen „{name}“ sind weder eine je Tensor noch eine je Zeile.',
  'The weights file "{name}" holds numbers of the type {detail}, which is not supported.':
    'Die Gewichtsdatei „{name}“ enthält Zahlen vom Typ {detail}, der nicht unterstützt wird.',
  'The weights file "{name}" is broken: {detail}.': 'Die Gewichtsdatei „{name}“ ist beschädigt: {detail}.',
  'An adapter cannot be merged into quantised weights.':
    'Ein Adapter lässt sich nicht in quantisierte Gewichte einrechnen.',
  'Use it beside the weights, or merge it before they are quantised.':
    'Nutzen Sie ihn neben den Gewichten, oder rechnen Sie ihn ein, bevor sie quantisiert werden.',
  'Only f32 linears are quantised.': 'Nur lineare Schichten in f32 werden quantisiert.',
  'The tokenizer does not fit the text encoder.': 'Der Tokenizer passt nicht zum Textencoder.',
  'Import the tokenizer.json that belongs to the encoder.':
    'Importieren Sie die tokenizer.json, die zum Encoder gehört.',
  'Rows outside of a tensor were asked for.': 'Es wurden Zeilen außerhalb eines Tensors verlangt.',
  'Nothing is converted to bf16.': 'Nach bf16 wird nichts umgewandelt.',
  'A quantised tensor has no scales.': 'Ein quantisierter Tensor hat keine Skalen.',
  'The tensor "{name}" has numbers that are infinite, no numbers or beyond 16 bits.':
    'Der Tensor „{name}“ hat Werte, die unendlich, keine Zahlen oder zu groß für 16 Bit sind.',
  'The download broke off.': 'Der Download brach ab.',
  'Try again: what has come stays, and the download goes on from there.':
    'Versuchen Sie es noch einmal: Was da ist, bleibt, und der Download geht dort weiter.',
  'Delete models or results that you no longer need, then try again: the download goes on from there.':
    'Löschen Sie nicht mehr benötigte Modelle oder Ergebnisse, und versuchen Sie es noch einmal: Der Download geht dort weiter.',
  'The file at this address has changed since the download began.':
    'Die Datei unter dieser Adresse hat sich seit Beginn des Downloads geändert.',
  'Try again: the old part has been thrown away and the download begins anew.':
    'Versuchen Sie es noch einmal: Der alte Teil ist verworfen, und der Download beginnt neu.',
  'There is no file at this address.': 'Unter dieser Adresse gibt es keine Datei.',
  'The site does not let you have this file without signing in.':
    'Die Website gibt diese Datei nur nach Anmeldung.',
  'The server refused the download.': 'Der Server hat den Download verweigert.',
  'Accept its licence and download it there yourself, then drop the file here.':
    'Nehmen Sie die Lizenz an, laden Sie die Datei dort selbst herunter, und legen Sie sie hier ab.',
  'Check the address, then try again.': 'Prüfen Sie die Adresse, und versuchen Sie es noch einmal.',
  'The address could not be reached.': 'Die Adresse war nicht erreichbar.',
  'Check the address and the connection. Some sites forbid other pages to read their files (CORS): then download the file yourself and drop it here.':
    'Prüfen Sie Adresse und Verbindung. Manche Websites verbieten anderen Seiten, ihre Dateien zu lesen (CORS): Laden Sie die Datei dann selbst herunter, und legen Sie sie hier ab.',
  'The downloaded file is not the one that was expected; it has been thrown away.':
    'Die heruntergeladene Datei ist nicht die erwartete; sie wurde verworfen.',
  'Check the address and the sha256 that you typed, then try again.':
    'Prüfen Sie die Adresse und die eingegebene sha256, und versuchen Sie es noch einmal.',
  'This is not an address that can be downloaded.': 'Von dieser Adresse lässt sich nichts herunterladen.',
  'Type an address that begins with https://.': 'Geben Sie eine Adresse ein, die mit https:// beginnt.',
  'The file "{name}" has the wrong size.': 'Die Datei „{name}“ hat die falsche Größe.',
  'Choose all files of the pack together.': 'Wählen Sie alle Dateien des Pakets zusammen.',
  'The manifest of this pack is broken.': 'Das Verzeichnis dieses Pakets ist beschädigt.',
  'Copy the pack again.': 'Kopieren Sie das Paket noch einmal.',
  'This is the built-in model, which is there already.': 'Das ist das eingebaute Modell, das schon da ist.',
  'Nothing needs to be imported.': 'Es muss nichts importiert werden.',
  'Copy the pack again from where it came.': 'Kopieren Sie das Paket noch einmal, woher es kam.',
  '“{name}” keeps its weights in another file, “{name2}”.':
    '„{name}“ hat seine Gewichte in einer anderen Datei, „{name2}“.',
  'Choose, or export, the model as one ONNX file.':
    'Wählen oder exportieren Sie das Modell als eine einzige ONNX-Datei.',
  '“{name}” is no model that Inlay knows.': '„{name}“ ist kein Modell, das Inlay kennt.',
  'Choose the safetensors files themselves; of JSON files only a tokenizer.json is a model of its own.':
    'Wählen Sie die safetensors-Dateien selbst; von JSON-Dateien ist nur eine tokenizer.json ein eigenes Modell.',
  '“{name}” is an adapter for {detail}.': '„{name}“ ist ein Adapter für ein anderes Netz ({detail}).',
  'Inlay takes transformers of FLUX.1 and FLUX.2 [klein], U-Nets of Stable Diffusion 2, their LoRAs, CLIP, T5 v1.1 and Qwen3 text encoders, autoencoders, tokenizer.json files, and networks that cut out as ONNX.':
    'Inlay nimmt Transformer von FLUX.1 und FLUX.2 [klein], U-Nets von Stable Diffusion 2, deren LoRAs, Textencoder von CLIP, T5 v1.1 und Qwen3, Autoencoder, tokenizer.json-Dateien und Netze zum Freistellen als ONNX.',
  '“{name}” holds texts, no model.': '„{name}“ enthält Texte, kein Modell.',
  'Import it under “Texts for FLUX.2 [klein]”.': 'Importieren Sie sie unter „Texte für FLUX.2 [klein]“.',
  "The browser's storage is full: this model needs {n} GB more.":
    'Der Speicher des Browsers ist voll: Dieses Modell braucht noch {n} GB.',
  'Delete models or results that you no longer need, or free space on this device, then import again: it goes on where it stopped.':
    'Löschen Sie nicht mehr benötigte Modelle oder Ergebnisse, oder schaffen Sie Platz auf diesem Gerät, und importieren Sie noch einmal: Es geht dort weiter, wo es stehen blieb.',
  'The file "{name}" is damaged.': 'Die Datei „{name}“ ist beschädigt.',
  'Import it again; if it happens again, the disk or the copy that you import from is faulty.':
    'Importieren Sie es noch einmal; passiert es wieder, ist der Datenträger oder die Kopie fehlerhaft, von der Sie importieren.',
  '“{name}” is not a safetensors file.': '„{name}“ ist keine safetensors-Datei.',
  'is in the GGUF format, which is not supported.': 'ist im Format GGUF, das nicht unterstützt wird.',
  'Get the same weights as safetensors.': 'Holen Sie dieselben Gewichte als safetensors.',
  'is a Python pickle, which can run any code when it is opened.':
    'ist ein Python-Pickle, das beim Öffnen beliebigen Code ausführen kann.',
  'The strength of an adapter is not a number.': 'Die Stärke eines Adapters ist keine Zahl.',
  'Set it again.': 'Stellen Sie sie neu ein.',
  'The adapter does not fit the model at "{name}".': 'Der Adapter passt bei „{name}“ nicht zum Modell.',
  'Check that it was made for this model.': 'Prüfen Sie, ob er für dieses Modell gemacht ist.',
  'This adapter needs image tokens of {n} channels where the model has {n2}.':
    'Dieser Adapter braucht Bildtokens mit {n} Kanälen, das Modell hat {n2}.',
  'It was made for a control model (depth, edges, fill), which is not supported.':
    'Er ist für ein Steuermodell gemacht (Tiefe, Kanten, Ausfüllen), das nicht unterstützt wird.',
  'The model has no layer for the adapter\'s module "{name}".':
    'Das Modell hat keine Schicht für das Modul „{name}“ des Adapters.',
  'Choose an adapter that was made for this model; pruned models have fewer blocks.':
    'Wählen Sie einen Adapter, der für dieses Modell gemacht ist; verkleinerte Modelle haben weniger Blöcke.',
  'The alpha of the adapter\'s module "{name}" is not a number.':
    'Das Alpha des Moduls „{name}“ des Adapters ist keine Zahl.',
  'Get the adapter file again from where it came.': 'Holen Sie die Adapterdatei noch einmal, woher sie kam.',
  'The adapter\'s module "{name}" has rank {n}.': 'Das Modul „{name}“ des Adapters hat den Rang {n}.',
  'The halves of the adapter\'s module "{name}" do not belong together.':
    'Die Hälften des Moduls „{name}“ des Adapters gehören nicht zusammen.',
  'The adapter\'s module "{name}" is packed: it is stored as {detail}.':
    'Das Modul „{name}“ des Adapters ist gepackt: Es ist als {detail} gespeichert.',
  'Choose an adapter with bf16, f16 or f32 numbers.':
    'Wählen Sie einen Adapter mit Zahlen in bf16, f16 oder f32.',
  'The adapter\'s module "{name}" is incomplete.': 'Das Modul „{name}“ des Adapters ist unvollständig.',
  'The adapter\'s module "{name}" is no layer of {name2}.':
    'Das Modul „{name}“ des Adapters ist keine Schicht von {name2}.',
  'This adapter cannot be used: it also adapts convolutions (LoCon).':
    'Dieser Adapter ist nicht nutzbar: Er passt auch Faltungen an (LoCon).',
  'Choose a plain LoRA for {name}, which adapts attention.':
    'Wählen Sie eine einfache LoRA für {name}, die die Attention anpasst.',
  'The adapter changes "{name}" twice.': 'Der Adapter ändert „{name}“ zweimal.',
  '{n} tensors are no part of a LoRA and are not used: {detail}.':
    '{n} Tensoren gehören zu keiner LoRA und bleiben ungenutzt: {detail}.',
  '{n} tensors are left out: {detail}.': '{n} Tensoren werden ausgelassen: {detail}.',
  'It does not fit {detail}.': 'Es passt nicht zu {detail}.',
  'This is not an adapter for {name}.': 'Das ist kein Adapter für {name}.',
  'This adapter cannot be used: {detail}.': 'Dieser Adapter ist nicht nutzbar: {detail}.',
  'Choose a plain LoRA.': 'Wählen Sie eine einfache LoRA.',
  'The adapter has "{name}" twice.': 'Der Adapter hat „{name}“ zweimal.',
  "The adapter's alphas are given by a pattern that is not understood.":
    'Die Alphas des Adapters sind durch ein Muster gegeben, das nicht verstanden wird.',
  'Ask its author for a copy with alpha tensors.': 'Bitten Sie den Autor um eine Fassung mit Alpha-Tensoren.',
  'The adapter lists too many alphas.': 'Der Adapter nennt zu viele Alphas.',
  'Get the adapter again from where it came.': 'Holen Sie den Adapter noch einmal, woher er kam.',
  "Half of DreamO's embeddings are missing.": 'Die Hälfte der Einbettungen von DreamO fehlt.',
  'Get the adapter file again from its authors.': 'Holen Sie die Adapterdatei noch einmal von den Autoren.',
  'The adapter\'s table "{name}" has the wrong shape.':
    'Die Tabelle „{name}“ des Adapters hat die falsche Form.',
  'Check that the adapter was made for this model.':
    'Prüfen Sie, ob der Adapter für dieses Modell gemacht ist.',
  'The model\'s file "{name}" is damaged.': 'Die Datei „{name}“ des Modells ist beschädigt.',
  'Delete the model in the model manager and import it again.':
    'Löschen Sie das Modell in der Modellverwaltung, und importieren Sie es neu.',
  'This pack is the built-in model.': 'Dieses Paket ist das eingebaute Modell.',
  'This model was never finished.': 'Dieses Modell wurde nie fertig.',
  'Import it again: it goes on where it stopped.':
    'Importieren Sie es noch einmal: Es geht dort weiter, wo es stehen blieb.',
  'The model\'s file "{name}" is missing.': 'Die Datei „{name}“ des Modells fehlt.',
  'This model is not here any more.': 'Dieses Modell ist nicht mehr da.',
  'Import it again.': 'Importieren Sie es noch einmal.',
  'This model is being imported or changed elsewhere.':
    'Dieses Modell wird gerade anderswo importiert oder geändert.',
  'Wait until that is done, or close the other tab.':
    'Warten Sie, bis das fertig ist, oder schließen Sie den anderen Tab.',
  'The weights file "{name}" is damaged.': 'Die Gewichtsdatei „{name}“ ist beschädigt.',
  'This is not a model of the family {name}.': 'Das ist kein Modell der Familie {name}.',
  "The model's manifest is broken.": 'Das Verzeichnis des Modells ist beschädigt.',
  "The model's manifest is not valid JSON.": 'Das Verzeichnis des Modells ist kein gültiges JSON.',
  'The model could not be read.': 'Das Modell konnte nicht gelesen werden.',
  'Check that the studio is complete, then try again.':
    'Prüfen Sie, ob das Studio vollständig ist, und versuchen Sie es noch einmal.',
  'Verify the model in the model manager; if it is damaged, delete it and import it again.':
    'Prüfen Sie das Modell in der Modellverwaltung; ist es beschädigt, löschen Sie es, und importieren Sie es neu.',
  'The model lacks the tensor "{name}".': 'Dem Modell fehlt der Tensor „{name}“.',
  'Rows of a quantised table were asked for.': 'Es wurden Zeilen einer quantisierten Tabelle verlangt.',
  '“{name}” is broken.': '„{name}“ ist beschädigt.',
  'Export the texts again.': 'Exportieren Sie die Texte noch einmal.',
  '“{name}” holds no texts that a studio has exported.':
    '„{name}“ enthält keine Texte, die ein Studio exportiert hat.',
  'Choose a file that was exported here, in the model manager.':
    'Wählen Sie eine Datei, die hier in der Modellverwaltung exportiert wurde.',
  "The browser's storage is full: this text could not be kept.":
    'Der Speicher des Browsers ist voll: Dieser Text konnte nicht gespeichert werden.',
  'Delete models or results that you no longer need, then try again.':
    'Löschen Sie nicht mehr benötigte Modelle oder Ergebnisse, und versuchen Sie es noch einmal.',
} as const
