/** What the studio tells of what it has done, and of what it cannot do now. */
export const app = {
  'Aligned, {mark}': 'Angeglichen, {mark}',
  'Composed, {mark}': 'Komponiert, {mark}',
  'Mixed, {mark}': 'Gemischt, {mark}',
  'The browser has deleted what the studio had stored here.':
    'Der Browser hat gelöscht, was das Studio hier gespeichert hatte.',
  'The open document is stored again.': 'Das offene Dokument ist wieder gespeichert.',
  'Pictures of the open document that are gone: {n}. Drop their files in again.':
    'Verlorene Bilder des offenen Dokuments: {n}. Legen Sie die Dateien noch einmal ab.',
  'Result {n}': 'Ergebnis {n}',
  '{name} copy': '{name} Kopie',
  'Result, {mark}': 'Ergebnis, {mark}',
  aligned: 'angeglichen',
  composed: 'komponiert',
  mixed: 'gemischt',
  'Draft|picture': 'Entwurf',
  'Taken back': 'Zurückgenommen',
  'Pasted picture': 'Eingefügtes Bild',
  '{title} – scene': '{title} – Szene',

  'Wait for the run to finish, or stop it, before you add pictures.':
    'Warten Sie, bis der Lauf fertig ist, oder halten Sie ihn an, bevor Sie Bilder hinzufügen.',
  'Wait for the run to finish, or stop it, before you turn to another document.':
    'Warten Sie, bis der Lauf fertig ist, oder halten Sie ihn an, bevor Sie das Dokument wechseln.',
  'Wait until your pictures are open before you turn to another document.':
    'Warten Sie, bis Ihre Bilder geöffnet sind, bevor Sie das Dokument wechseln.',
  'Wait until the other project is done, or stop it.':
    'Warten Sie, bis das andere Projekt fertig ist, oder halten Sie es an.',
  'Wait until the other files are taken in, or stop that.':
    'Warten Sie, bis die anderen Dateien aufgenommen sind, oder halten Sie das an.',

  'This document is open in another tab.': 'Dieses Dokument ist in einem anderen Tab geöffnet.',
  'This document is no longer in the list.|note': 'Dieses Dokument ist nicht mehr in der Liste.',
  '“{title}” is open in another tab, so this tab starts a new document.':
    '„{title}“ ist in einem anderen Tab geöffnet, darum beginnt dieser Tab ein neues Dokument.',
  '“{title}” is kept in the list of documents.': '„{title}“ bleibt in der Liste der Dokumente.',
  'Go back to it': 'Dorthin zurück',
  '“{title}” is opened from its project file.': '„{title}“ wurde aus der Projektdatei geöffnet.',
  'The project is in the list of documents.': 'Das Projekt ist in der Liste der Dokumente.',
  '“{title}” is saved as project file.': '„{title}“ ist als Projektdatei gespeichert.',
  'Stopped. Nothing was written.': 'Angehalten. Es wurde nichts geschrieben.',
  'Stopped. Nothing was stored.': 'Angehalten. Es wurde nichts gespeichert.',
  'Writing the Photoshop document …': 'Das Photoshop-Dokument wird geschrieben …',

  'The queue pauses: what waits may fail, too.':
    'Die Warteschlange pausiert: Was wartet, könnte auch fehlschlagen.',
  'The queue pauses: the {n} that wait may fail, too.':
    'Die Warteschlange pausiert: Die {n}, die warten, könnten auch fehlschlagen.',
  'It waits: the queue pauses.': 'Es wartet: Die Warteschlange pausiert.',
  'This very picture is being made, or waits in the queue: change something first.':
    'Genau dieses Bild entsteht gerade oder wartet in der Warteschlange: Ändern Sie erst etwas.',
  'A picture of another document is done. It is among the results.':
    'Ein Bild eines anderen Dokuments ist fertig. Es liegt bei den Ergebnissen.',
  'The picture is done. It is among the results: what is open is not as it was.':
    'Das Bild ist fertig. Es liegt bei den Ergebnissen, denn was geöffnet ist, ist nicht mehr, wie es war.',
  'Show it': 'Zeigen',
  '{n} of {total} pictures are done.': '{n} von {total} Bildern sind fertig.',
  'Stopped. Nothing was changed.': 'Angehalten. Es wurde nichts geändert.',
  'Stopped. The pictures that were finished are kept.': 'Angehalten. Die fertigen Bilder sind gespeichert.',
  'Fuse again': 'Noch einmal verschmelzen',
  'Sample again|button': 'Noch einmal erzeugen',
  'Open models': 'Modelle öffnen',

  '{n} taken into the results.': '{n} in die Ergebnisse aufgenommen.',
  '{n} there already.': '{n} schon vorhanden.',
  '{n} without a recipe left out.': '{n} ohne Rezept ausgelassen.',
  'The result is deleted.': 'Das Ergebnis ist gelöscht.',
  '{n} results are deleted.': '{n} Ergebnisse sind gelöscht.',
  'The oldest result without a star was deleted, to keep at most {limit}.':
    'Das älteste Ergebnis ohne Stern wurde gelöscht, um höchstens {limit} zu behalten.',
  'The {n} oldest results without a star were deleted, to keep at most {limit}.':
    'Die {n} ältesten Ergebnisse ohne Stern wurden gelöscht, um höchstens {limit} zu behalten.',
  'Results without a star take {over} more than the {limit} that you keep. The oldest go once a picture is made.':
    'Ergebnisse ohne Stern belegen {over} mehr als die {limit}, die Sie behalten. Die ältesten werden gelöscht, sobald ein Bild entsteht.',
  'Decide now': 'Jetzt entscheiden',
  'The recipe is restored.': 'Das Rezept ist wiederhergestellt.',
  'The recipe is restored without {n} picture that this browser does not have.':
    'Das Rezept ist wiederhergestellt, ohne {n} Bild, das dieser Browser nicht hat.',
  'The recipe is restored without {n} pictures that this browser does not have.':
    'Das Rezept ist wiederhergestellt, ohne {n} Bilder, die dieser Browser nicht hat.',
  'Restore recipe|button': 'Rezept wiederherstellen',
  'The photo’s light could not be read, so it is drawn as it is set. {problem}':
    'Das Licht des Fotos konnte nicht gelesen werden; es wird so gezeichnet, wie es eingestellt ist. {problem}',
  'The result is now a layer.': 'Das Ergebnis ist jetzt eine Ebene.',
  'Nothing of it lies on the picture, so there is nothing to merge.':
    'Nichts davon liegt auf dem Bild, also gibt es nichts zusammenzuführen.',
  'The layers were changed meanwhile, so they are not merged. Merge them again.':
    'Die Ebenen wurden inzwischen geändert und daher nicht zusammengeführt. Führen Sie sie noch einmal zusammen.',
  'The picture without earlier strokes is no longer among the results: what was brushed away then stays away.':
    'Das Bild ohne frühere Striche ist nicht mehr bei den Ergebnissen: Was damals weggepinselt wurde, bleibt weg.',
  'The picture is now the background of Place.': 'Das Bild ist jetzt der Hintergrund von Place.',
  'The picture is now a layer of Place. Cut it out to place its object alone.':
    'Das Bild ist jetzt eine Ebene von Place. Stellen Sie es frei, um nur sein Objekt zu platzieren.',

  'The gallery holds at most {n} pictures. Remove some first.':
    'Die Galerie fasst höchstens {n} Bilder. Entfernen Sie erst einige.',
  'Stopped. The pictures that were finished stay.': 'Angehalten. Die fertigen Bilder bleiben.',
  'Stopped. The results of {n} of {total} pairs stay.':
    'Angehalten. Die Ergebnisse von {n} der {total} Paare bleiben.',
  '{n} of {total} pairs are done; their targets are in the results.':
    '{n} von {total} Paaren sind fertig; ihre Zielbilder liegen bei den Ergebnissen.',
  'Write a prompt that says what your pictures show first.':
    'Schreiben Sie erst einen Prompt, der sagt, was Ihre Bilder zeigen.',
  'There is no other picture for a base: sample more.':
    'Es gibt kein anderes Bild als Basis: Erzeugen Sie mehr.',
  'Stopped. What is back stays.': 'Angehalten. Was zurückgeholt ist, bleibt.',
  '{n} pair exported.': '{n} Paar exportiert.',
  '{n} pairs exported.': '{n} Paare exportiert.',
  '{n} pair brought back': '{n} Paar zurückgeholt',
  '{n} pairs brought back': '{n} Paare zurückgeholt',
  '{n} of them here already': '{n} davon schon vorhanden',
  '{n} broken': '{n} beschädigt',
  '{words}.|told': '{words}.',
  'Stopped. Drafts that were finished stay.': 'Angehalten. Fertige Entwürfe bleiben.',
  'Settings were changed during the search. Press Fuse to search with those of now.':
    'Während der Suche wurden Einstellungen geändert. Drücken Sie „Verschmelzen“, um mit den jetzigen zu suchen.',
  'Who listens to what|map': 'Was worauf hört',
  '{percent} % on average; black 0, white 1': 'im Mittel {percent} %; Schwarz 0, Weiß 1',
  'Text|map': 'Text',

  '{name} cuts out from now on.': '{name} stellt von jetzt an frei.',
  '{name} is installed.': '{name} ist installiert.',
  '{name} does not cut out. It waits under Models.': '{name} stellt nicht frei. Es wartet unter „Modelle“.',
  '{size} GB are free again.': '{size} GB sind wieder frei.',
  'The pack is removed.': 'Das Paket ist entfernt.',
  '{name} is removed.': '{name} ist entfernt.',
  'A copy of {name} is saved. Drop its folder here to install it again.':
    'Eine Kopie von {name} ist gespeichert. Legen Sie ihren Ordner hier ab, um sie wieder zu installieren.',
  'The browser gave no promise. It asks less of sites that are installed or bookmarked.':
    'Der Browser hat es nicht zugesagt. Bei installierten oder als Lesezeichen gespeicherten Seiten ist er großzügiger.',
  '{n} text is kept.': '{n} Text ist gespeichert.',
  '{n} texts are kept.': '{n} Texte sind gespeichert.',

  'A new version is ready.': 'Eine neue Version ist bereit.',
  'Inlay was updated in another tab.': 'Inlay wurde in einem anderen Tab aktualisiert.',

  'Saving your work …': 'Ihre Arbeit wird gespeichert …',
  'Your saved work has not been touched.': 'Ihre gespeicherte Arbeit ist unberührt.',
  'Your work is saved on this device.': 'Ihre Arbeit ist auf diesem Gerät gespeichert.',
  'The last changes could not be saved on this device.':
    'Die letzten Änderungen konnten auf diesem Gerät nicht gespeichert werden.',
  Report: 'Bericht',
  'Copy the report': 'Bericht kopieren',
  'Inlay has stopped': 'Inlay wurde unerwartet beendet',
  'Inlay could not start': 'Inlay konnte nicht starten',
  'Reload to go on. If it happens again, please report what stands below.':
    'Laden Sie neu, um weiterzuarbeiten. Falls es wieder geschieht, melden Sie bitte, was unten steht.',
  Copied: 'Kopiert',
  'Marked: copy it now': 'Markiert: jetzt kopieren',
} as const
