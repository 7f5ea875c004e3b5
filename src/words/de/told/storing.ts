/** Problems with documents, projects and storage. */
export const storing = {
  'The new version waits, because your last changes are not saved.':
    'Die neue Version wartet, weil Ihre letzten Änderungen nicht gespeichert sind.',
  'Free some space, or download your picture, then try again.':
    'Schaffen Sie Platz, oder laden Sie Ihr Bild herunter, und versuchen Sie es noch einmal.',
  'Another tab may have deleted it; its list of documents can bring it back.':
    'Vielleicht hat ein anderer Tab es gelöscht; dessen Dokumentliste kann es zurückholen.',
  'This document is no longer in the list.': 'Dieses Dokument steht nicht mehr in der Liste.',
  'All else of it is there. Where you still have those files, drop them in and save it again.':
    'Alles andere ist da. Wenn Sie die Dateien noch haben, legen Sie sie hier ab, und speichern Sie es neu.',
  '“{name}” lacks 1 picture that this browser no longer had when it was saved.':
    '„{name}“ fehlt 1 Bild, das dieser Browser beim Speichern nicht mehr hatte.',
  '“{name}” lacks {n} pictures that this browser no longer had when it was saved.':
    '„{name}“ fehlen {n} Bilder, die dieser Browser beim Speichern nicht mehr hatte.',
  '“The project” lacks 1 picture that this browser no longer had when it was saved.':
    'Dem Projekt fehlt 1 Bild, das dieser Browser beim Speichern nicht mehr hatte.',
  '“The project” lacks {n} pictures that this browser no longer had when it was saved.':
    'Dem Projekt fehlen {n} Bilder, die dieser Browser beim Speichern nicht mehr hatte.',
  'They were set aside, not deleted: the list of documents has them, for you to download.':
    'Sie wurden beiseitegelegt, nicht gelöscht: In der Dokumentliste können Sie sie herunterladen.',
  'It was set aside, not deleted: the list of documents has it, for you to download.':
    'Es wurde beiseitegelegt, nicht gelöscht: In der Dokumentliste können Sie es herunterladen.',
  'A document could not be read.': 'Ein Dokument konnte nicht gelesen werden.',
  'Some results could not be read.': 'Einige Ergebnisse konnten nicht gelesen werden.',
  'The copy could not be written.': 'Die Kopie konnte nicht geschrieben werden.',
  'Choose another folder, or free space on that disk; what is installed here is untouched.':
    'Wählen Sie einen anderen Ordner, oder schaffen Sie Platz auf dem Datenträger; was hier installiert ist, bleibt unberührt.',
  '{told} could not be written.': '{told} konnte nicht geschrieben werden.',
  'The archive': 'Das Archiv',
  'The project file': 'Die Projektdatei',
  'Choose another place, or free space on that disk; {told}.':
    'Wählen Sie einen anderen Ort, oder schaffen Sie Platz auf dem Datenträger; {told}.',
  'the pairs are still kept here': 'die Paare sind hier weiter gespeichert',
  'the document is still kept here': 'das Dokument ist hier weiter gespeichert',
  'The last fuse was cut off before it had ended.':
    'Das letzte Verschmelzen wurde abgebrochen, bevor es fertig war.',
  'Your document is as you left it.': 'Ihr Dokument ist so, wie Sie es verlassen haben.',
  'Pictures that waited in the queue were cut off before they had begun.':
    'Bilder, die in der Warteschlange warteten, wurden abgebrochen, bevor sie begannen.',
  'Press Fuse again for those that you want.': 'Drücken Sie für die gewünschten noch einmal „Verschmelzen“.',
  'The last sampling was cut off before it had ended.':
    'Das letzte Erzeugen wurde abgebrochen, bevor es fertig war.',
  'The pictures that were finished are in the gallery.': 'Die fertigen Bilder sind in der Galerie.',
  'Making pairs was cut off before it had ended.':
    'Das Erstellen der Paare wurde abgebrochen, bevor es fertig war.',
  'Those that were finished are kept; make the others again from the gallery.':
    'Die fertigen sind gespeichert; machen Sie die anderen in der Galerie neu.',
  'The last drafts were cut off before they had ended.':
    'Die letzten Entwürfe wurden abgebrochen, bevor sie fertig waren.',
  'Those that were finished are there.': 'Die fertigen sind da.',
  'Opening pictures was cut off before it had ended.':
    'Das Öffnen von Bildern wurde abgebrochen, bevor es fertig war.',
  'Drop those that are missing in once more.': 'Legen Sie die fehlenden noch einmal hier ab.',
  'Importing a model was cut off before it had ended.':
    'Der Import eines Modells wurde abgebrochen, bevor er fertig war.',
  'What was written is kept; the import goes on from there.':
    'Was geschrieben wurde, bleibt; der Import geht dort weiter.',
  'This is no {detail} that can be read: {detail2}.':
    'Das ist keine lesbare Archivdatei ({detail}): {detail2}.',
  'The archive cannot be read.': 'Das Archiv ist nicht lesbar.',
  'It may have been moved or changed since you chose it: choose it again.':
    'Vielleicht wurde es seit der Auswahl verschoben oder geändert: Wählen Sie es noch einmal.',
  "The browser's storage is full.": 'Der Speicher des Browsers ist voll.',
  'Delete models or results that you no longer need, then try again: what has come stays.':
    'Löschen Sie nicht mehr benötigte Modelle oder Ergebnisse, und versuchen Sie es noch einmal: Was da ist, bleibt.',
  'A file of the studio could not be read.': 'Eine Datei des Studios konnte nicht gelesen werden.',
  'Check the connection, then try again: what has come stays.':
    'Prüfen Sie die Verbindung, und versuchen Sie es noch einmal: Was da ist, bleibt.',
  'A file of the studio is another than this version has.':
    'Eine Datei des Studios ist eine andere als in dieser Version.',
  'Reload the page, then try again.': 'Laden Sie die Seite neu, und versuchen Sie es noch einmal.',
  'This project file is broken: {detail}.': 'Diese Projektdatei ist beschädigt: {detail}.',
  'Choose a .inlay file as the studio has written it; copy or download it again if it was cut off.':
    'Wählen Sie eine .inlay-Datei, wie das Studio sie geschrieben hat; kopieren oder laden Sie sie neu, falls sie abgeschnitten ist.',
  'A picture of this project is not in its file.': 'Ein Bild dieses Projekts ist nicht in der Datei.',
  'Copy or download the project again, or save it again where it was made.':
    'Kopieren oder laden Sie das Projekt neu, oder speichern Sie es dort neu, wo es entstand.',
  'A result in this project is not the one that was saved.':
    'Ein Ergebnis in diesem Projekt ist nicht das gespeicherte.',
  'This file tries to reach outside of itself, as no project does.':
    'Diese Datei versucht, aus sich heraus zu greifen; das tut kein Projekt.',
  'It may be meant to do harm: ask whoever gave it to you to save the project again.':
    'Vielleicht soll sie schaden: Bitten Sie, wer sie Ihnen gab, das Projekt neu zu speichern.',
  'The list of contents of this project cannot be read.':
    'Das Inhaltsverzeichnis dieses Projekts ist nicht lesbar.',
  'The recipe of a result in this project cannot be read.':
    'Das Rezept eines Ergebnisses in diesem Projekt ist nicht lesbar.',
  'The document in this project cannot be read.': 'Das Dokument in diesem Projekt ist nicht lesbar.',
  'Save the project again where it was made; nothing here has changed.':
    'Speichern Sie das Projekt dort neu, wo es entstand; hier hat sich nichts geändert.',
  'This project was saved by a newer version of Inlay.':
    'Dieses Projekt wurde mit einer neueren Version von Inlay gespeichert.',
  'Reload the studio to get its newest version, then open the project again.':
    'Laden Sie das Studio neu, um die neueste Version zu bekommen, und öffnen Sie das Projekt noch einmal.',
  'This document and its results do not fit into one project file of 4 GB.':
    'Dieses Dokument und seine Ergebnisse passen nicht in eine Projektdatei von 4 GB.',
  'Delete results that you no longer need, then save it again.':
    'Löschen Sie nicht mehr benötigte Ergebnisse, und speichern Sie es noch einmal.',
  'A picture in this project is damaged.': 'Ein Bild in diesem Projekt ist beschädigt.',
  'A picture in this project is too large.': 'Ein Bild in diesem Projekt ist zu groß.',
  'Pictures have at most {n} megapixels; the studio itself saves none that is larger.':
    'Bilder haben höchstens {n} Megapixel; das Studio selbst speichert keine größeren.',
  'A picture in this project is not the one that was saved.':
    'Ein Bild in diesem Projekt ist nicht das gespeicherte.',
  'A picture is damaged in storage.': 'Ein Bild ist im Speicher beschädigt.',
  '“{name}” is damaged in storage.': '„{name}“ ist im Speicher beschädigt.',
  'A picture is no longer stored in this browser.': 'Ein Bild ist in diesem Browser nicht mehr gespeichert.',
  '“{name}” is no longer stored in this browser.': '„{name}“ ist in diesem Browser nicht mehr gespeichert.',
  'Drop the file in again.': 'Legen Sie die Datei noch einmal hier ab.',
  'Drop the picture in again.': 'Legen Sie das Bild noch einmal hier ab.',
  'This pair is no longer whole in this browser.':
    'Dieses Paar ist in diesem Browser nicht mehr vollständig.',
  'Remove it from the list and keep it again.': 'Entfernen Sie es aus der Liste, und speichern Sie es neu.',
  'Opening the project was stopped.': 'Das Öffnen des Projekts wurde angehalten.',
  'Nothing of it was stored.': 'Nichts davon wurde gespeichert.',
  'It could not be deleted.': 'Es konnte nicht gelöscht werden.',
  'What was set aside could not be read.': 'Was beiseitegelegt wurde, konnte nicht gelesen werden.',
  'The storage could not be read.': 'Der Speicher konnte nicht gelesen werden.',
  'The picture could not be deleted.': 'Das Bild konnte nicht gelöscht werden.',
  'The picture was saved with 8 bits a channel, not with 16.':
    'Das Bild wurde mit 8 Bit je Kanal gespeichert, nicht mit 16.',
  'The picture could not be saved.': 'Das Bild konnte nicht gespeichert werden.',
  'The picture could not be read.': 'Das Bild konnte nicht gelesen werden.',
  'The document’s picture could not be saved.': 'Das Bild des Dokuments konnte nicht gespeichert werden.',
  'What was deleted could not be cleared.': 'Gelöschtes konnte nicht aufgeräumt werden.',
  'The document could not be changed.': 'Das Dokument konnte nicht geändert werden.',
  'The last document could not be opened.': 'Das letzte Dokument konnte nicht geöffnet werden.',
  'The document could not be opened.': 'Das Dokument konnte nicht geöffnet werden.',
  'The list of documents could not be read.': 'Die Dokumentliste konnte nicht gelesen werden.',
  'The document could not be saved.': 'Das Dokument konnte nicht gespeichert werden.',
  'The pair could not be removed.': 'Das Paar konnte nicht entfernt werden.',
  'The pair could not be read.': 'Das Paar konnte nicht gelesen werden.',
  'The kept pairs could not be read.': 'Die gespeicherten Paare konnten nicht gelesen werden.',
  'The pair could not be kept.': 'Das Paar konnte nicht gespeichert werden.',
  'The project could not be stored.': 'Das Projekt konnte nicht gespeichert werden.',
  'Older results could not be deleted.': 'Ältere Ergebnisse konnten nicht gelöscht werden.',
  'The result could not be deleted.': 'Das Ergebnis konnte nicht gelöscht werden.',
  'The result could not be read.': 'Das Ergebnis konnte nicht gelesen werden.',
  'The history could not be read.': 'Der Verlauf konnte nicht gelesen werden.',
  'The result could not be saved.': 'Das Ergebnis konnte nicht gespeichert werden.',
  'The star could not be changed.': 'Der Stern konnte nicht geändert werden.',
  'What is no longer needed could not be cleared.': 'Nicht mehr Gebrauchtes konnte nicht aufgeräumt werden.',
  'A private window may forbid storage; your work stays open here, download it before you close the tab.':
    'Ein privates Fenster kann das Speichern verbieten; Ihre Arbeit bleibt hier offen, laden Sie sie herunter, bevor Sie den Tab schließen.',
  '{told}: a newer version of the studio has been opened in this browser.':
    '{told}: In diesem Browser wurde eine neuere Version des Studios geöffnet.',
  "{told}: the browser's storage is full.": '{told}: Der Speicher des Browsers ist voll.',
  'Reload this tab to go on with that one; what was saved is still there.':
    'Laden Sie diesen Tab neu, um mit ihr weiterzuarbeiten; was gespeichert wurde, ist noch da.',
  'Delete old results in the history, or free space on this device.':
    'Löschen Sie alte Ergebnisse im Verlauf, oder schaffen Sie Platz auf diesem Gerät.',
  'This result is no longer stored in this browser.':
    'Dieses Ergebnis ist in diesem Browser nicht mehr gespeichert.',
  'Fuse again from its recipe.': 'Verschmelzen Sie noch einmal nach seinem Rezept.',
  'The result could not be brought back.': 'Das Ergebnis konnte nicht zurückgeholt werden.',
  'A newer version of the studio may have written them; they stay where they are.':
    'Vielleicht hat sie eine neuere Version des Studios geschrieben; sie bleiben, wo sie sind.',
  '1 pair in storage cannot be read.': '1 Paar im Speicher ist nicht lesbar.',
  '{n} pairs in storage cannot be read.': '{n} Paare im Speicher sind nicht lesbar.',
  'The pair of “{name}” is broken: {detail}.': 'Das Paar zu „{name}“ ist beschädigt: {detail}.',
  'Export the archive again from where the pair was made.':
    'Exportieren Sie das Archiv dort neu, wo das Paar entstand.',
  'The pair could not be written: its numbers do not fit its description.':
    'Das Paar konnte nicht geschrieben werden: Seine Zahlen passen nicht zu seiner Beschreibung.',
  'Align again; if it happens again, please report the detail below.':
    'Führen Sie Align noch einmal aus; passiert es wieder, melden Sie bitte die Angaben unten.',
  'This archive of preference pairs is broken: {detail}.':
    'Dieses Archiv von Paaren ist beschädigt: {detail}.',
  'Export it again from where the pairs were made; what is kept here is untouched.':
    'Exportieren Sie es dort neu, wo die Paare entstanden; was hier gespeichert ist, bleibt unberührt.',
  '{n} pairs of {n2} GB do not fit into one archive.': '{n} Paare von {n2} GB passen nicht in ein Archiv.',
  'Tick fewer of them and export several archives; training reads any number.':
    'Haken Sie weniger an, und exportieren Sie mehrere Archive; das Training liest beliebig viele.',
  'Choose an archive that this studio has exported, as it was written.':
    'Wählen Sie ein Archiv, das dieses Studio exportiert hat, unverändert.',
  'This is no pair for training: the base’s steps draw no noise, so they have no probabilities.':
    'Das ist kein Paar fürs Training: Die Schritte der Basis ziehen kein Rauschen, also haben sie keine Wahrscheinlichkeiten.',
  'This is no pair for training: the target’s steps draw no noise, so they have no probabilities.':
    'Das ist kein Paar fürs Training: Die Schritte des Ziels ziehen kein Rauschen, also haben sie keine Wahrscheinlichkeiten.',
  'This is no pair for training: the {detail}’s steps draw no noise, so they have no probabilities.':
    'Das ist kein Paar fürs Training: Die Schritte ({detail}) ziehen kein Rauschen, also haben sie keine Wahrscheinlichkeiten.',
  'Start base and reference from seeds rather than pictures, with eta above 0.':
    'Beginnen Sie Basis und Referenz mit Seeds statt mit Bildern, mit Eta über 0.',
  'The balance is searched for on the open document. Press Fuse for what it is now, or choose the balance by hand.':
    'Die Balance wird am offenen Dokument gesucht. Drücken Sie „Verschmelzen“ für den jetzigen Stand, oder wählen Sie sie von Hand.',
  'The mixture that waited was not made: its objects or settings are not as they were.':
    'Die wartende Mischung wurde nicht gemacht: Ihre Objekte oder Einstellungen sind nicht mehr dieselben.',
} as const
