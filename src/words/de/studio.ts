export const studio = {
  'Mode and layers': 'Modus und Ebenen',
  'Mode and references': 'Modus und Referenzen',
  'Mode and pictures': 'Modus und Bilder',
  'Mode and objects': 'Modus und Objekte',
  'Prompt and settings': 'Prompt und Einstellungen',
  Notifications: 'Meldungen',
  Details: 'Details',
  'Saving “{title}”': '„{title}“ wird gespeichert',
  'Opening “{title}”': '„{title}“ wird geöffnet',
  'What is missing': 'Was fehlt',
  'Nothing is kept after closing this tab.': 'Nach dem Schließen dieses Tabs bleibt nichts erhalten.',
  'The browser forbids storage here: allow cookies and site data for this address, or download your pictures before you leave.':
    'Der Browser erlaubt hier kein Speichern: Lassen Sie Cookies und Websitedaten für diese Adresse zu, oder laden Sie Ihre Bilder herunter, bevor Sie gehen.',
  'Inlay runs on one processor core here, because this host leaves out two headers.':
    'Inlay läuft hier auf einem Prozessorkern, weil dieser Server zwei Header weglässt.',
  'It adds them itself from now on: reload once to use all cores.':
    'Inlay ergänzt sie ab jetzt selbst: Laden Sie einmal neu, um alle Kerne zu nutzen.',
  'Everything works, slower without a GPU. Whoever serves Inlay finds them in docs/hosting.md.':
    'Alles geht, ohne GPU nur langsamer. Wer Inlay bereitstellt, findet sie in docs/hosting.md.',
  'This address is not secure, so the browser holds back the GPU and most processor cores.':
    'Diese Adresse ist nicht sicher, deshalb gibt der Browser die GPU und die meisten Prozessorkerne nicht frei.',
  'Everything works, slower, and is kept on this device; use one tab only. For full speed open {address} on the computer that serves Inlay, or serve it over https.':
    'Alles geht, nur langsamer, und bleibt auf diesem Gerät; nutzen Sie nur einen Tab. Für volles Tempo öffnen Sie {address} auf dem Rechner, der Inlay bereitstellt, oder stellen Sie es über https bereit.',
  'New, all documents, scenes to try': 'Neu, alle Dokumente, Szenen zum Ausprobieren',
  New: 'Neu',
  'Open background': 'Hintergrund öffnen',
  'Undo: {step}': 'Rückgängig: {step}',
  'Redo: {step}': 'Wiederholen: {step}',
  'Export as JPEG, WebP, AVIF or Photoshop (.psd)': 'Als JPEG, WebP, AVIF oder Photoshop (.psd) exportieren',
  'Documents, open is {title}': 'Dokumente, offen ist {title}',
  'Models and storage': 'Modelle und Speicher',
  'Saved on this device': 'Auf diesem Gerät gespeichert',
  'Saving …': 'Wird gespeichert …',
  'Not saved': 'Nicht gespeichert',
} as const
