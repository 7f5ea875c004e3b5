/** Compose. */
export const compose = {
  'Built in': 'Eingebaut',
  'Small pictures of emoji’s world, in its own words, with up to three references. Nothing to bring.':
    'Kleine Bilder aus der Welt der Emojis, in eigenem Wortschatz, mit bis zu drei Referenzen. Nichts mitzubringen.',
  'FLUX.1-dev with the DreamO LoRAs, which you bring. Up to nine references.':
    'FLUX.1-dev mit den DreamO-LoRAs, die Sie mitbringen. Bis zu neun Referenzen.',
  'Four steps, a free licence, up to four references. You bring it.':
    'Vier Schritte, freie Lizenz, bis zu vier Referenzen. Sie bringen es mit.',
  'More natural skin and fewer broken hands.': 'Natürlichere Haut und weniger misslungene Hände.',
  'Keeps several similar subjects apart better; can look glossy.':
    'Hält mehrere ähnliche Motive besser auseinander; kann glänzend wirken.',
  'Lower where skin looks like plastic, higher where limbs or letters go wrong.':
    'Niedriger, wenn Haut nach Plastik aussieht; höher, wenn Gliedmaßen oder Buchstaben misslingen.',
  'Reference size': 'Größe der Referenzen',
  'Larger keeps letters and fine detail; some pictures get worse above 576.':
    'Größer bewahrt Buchstaben und feine Details; manche Bilder werden über 576 schlechter.',
  'Between, references stay as the model last saw them. Faster, takes more memory, and no longer exactly what the model says.':
    'Dazwischen bleiben die Referenzen so, wie das Modell sie zuletzt sah. Schneller, braucht mehr Speicher und ist nicht mehr genau, was das Modell sagt.',
  'First step’s guidance': 'Führung im ersten Schritt',
  'as the others': 'wie die anderen',
  'True guidance': 'Echte Führung',
  'Runs steps a second time without the references.': 'Rechnet Schritte ein zweites Mal ohne die Referenzen.',
  from: 'von',
  'True guidance begins at this step, from 0': 'Echte Führung beginnt bei diesem Schritt, ab 0',
  to: 'bis',
  'True guidance ends before this step': 'Echte Führung endet vor diesem Schritt',
  'What to keep away': 'Was fernbleiben soll',
  'Guidance of that': 'Führung davon',
  'For example: the toy from [ref#1] on a beach at sunset':
    'Zum Beispiel: the toy from [ref#1] on a beach at sunset',
  'With a style reference the prompt is sent with “{prefix}” before it.':
    'Mit einer Stilreferenz wird dem Prompt „{prefix}“ vorangestellt.',
  'Type {bracket} to name a reference. Naming them is optional.':
    'Mit {bracket} nennen Sie eine Referenz. Das ist freiwillig.',
  'Press Fuse to make it.': '„Verschmelzen“ erzeugt es.',
  'Describe the new picture, then press Fuse.': 'Beschreiben Sie das neue Bild, dann „Verschmelzen“ drücken.',
  'A new picture from your references': 'Ein neues Bild aus Ihren Referenzen',
  'Add references': 'Referenzen hinzufügen',
  'or drop files here, or paste with {keys}, or take a result from the strip below':
    'oder Dateien hier ablegen, mit {keys} einfügen oder ein Ergebnis aus der Leiste unten nehmen',
  'or drop files here, or paste with {keys}': 'oder Dateien hier ablegen oder mit {keys} einfügen',
  'What a reference can be': 'Was eine Referenz sein kann',
  'Add up to nine pictures, say what each one shows, and describe the picture that you want.':
    'Fügen Sie bis zu neun Bilder hinzu, sagen Sie, was jedes zeigt, und beschreiben Sie das gewünschte Bild.',
  'Add up to four pictures, say what each one shows, and describe the picture that you want.':
    'Fügen Sie bis zu vier Bilder hinzu, sagen Sie, was jedes zeigt, und beschreiben Sie das gewünschte Bild.',
  'Add up to three pictures, and describe the picture that you want.':
    'Fügen Sie bis zu drei Bilder hinzu und beschreiben Sie das gewünschte Bild.',
  'Compose runs on FLUX.1-dev with DreamO, which you bring. FLUX.2 [klein] is smaller and faster: see Model.':
    'Compose läuft auf FLUX.1-dev mit DreamO, die Sie mitbringen. FLUX.2 [klein] ist kleiner und schneller: siehe Modell.',
  'Compose runs on FLUX.2 [klein], which you bring.': 'Compose läuft auf FLUX.2 [klein], das Sie mitbringen.',
  'They are large, so they do not come with the studio.':
    'Sie sind groß und gehören deshalb nicht zum Studio.',
  'The picture so far': 'Das Bild bisher',
  'The composed picture': 'Das neue Bild',
  'How to look at the picture': 'Ansicht des Bildes',
  'Which part of the picture listens to which reference (L)':
    'Welcher Teil des Bildes auf welche Referenz hört (L)',
  'Response maps are kept until the page is closed; fuse again to see them':
    'Antwortkarten bleiben, bis die Seite geschlossen wird; noch einmal verschmelzen, um sie zu sehen',
  'Export the response maps as PNG': 'Antwortkarten als PNG exportieren',
  'Show every pixel': 'Jedes Pixel zeigen',
  Sources: 'Quellen',
  'Show the map of {name} alone': 'Nur die Karte von {name} zeigen',
  'What the model reads': 'Was das Modell liest',
  'Write it of the prompt again': 'Wieder aus dem Prompt schreiben',
  'Yours: prompt and roles no longer change it.': 'Ihre eigene: Prompt und Rollen ändern sie nicht mehr.',
  'Written of the prompt and the roles; references are called by their numbers. You can change it.':
    'Aus Prompt und Rollen geschrieben; Referenzen heißen nach ihren Nummern. Sie können sie ändern.',
  '[klein] was made for 4; its Base needs 50.': '[klein] ist für 4 gemacht; sein Base braucht 50.',
  'Size of further references': 'Größe weiterer Referenzen',
  'The first goes in as it is, up to 1024 px; the others are scaled down to this, squared. Smaller is faster.':
    'Die erste geht bis 1024 px unverändert ein; die anderen werden auf dieses Maß im Quadrat verkleinert. Kleiner ist schneller.',
  'Guidance, of Base': 'Führung, bei Base',
  '[klein] itself takes none.': '[klein] selbst nimmt keine.',
  'for FLUX.2 [klein]': 'für FLUX.2 [klein]',
  'Higher follows the prompt more closely and varies less.':
    'Höher folgt dem Prompt genauer und variiert weniger.',
  'Goes in as image {number}, {width} × {height}.': 'Geht als Bild {number} ein, {width} × {height}.',
  'Look at {name}': '{name} ansehen',
  'Move {name} up': '{name} nach oben',
  'Move {name} down': '{name} nach unten',
  'What {name} shows': 'Was {name} zeigt',
  'Frame the face': 'Gesicht einrahmen',
  '{count} of {most}': '{count} von {most}',
  'Your reference pictures will be listed here.': 'Ihre Referenzbilder werden hier aufgeführt.',
  Shape: 'Format',
  '{size}, draft': '{size}, Entwurf',
  'About {size} × {size} pixels': 'Etwa {size} × {size} Pixel',
  'Width, pixels, in steps of 16': 'Breite, Pixel, in Schritten von 16',
  'Height, pixels, in steps of 16': 'Höhe, Pixel, in Schritten von 16',
  'For example: a red owl on a meadow': 'Zum Beispiel: a red owl on a meadow',
  'A new picture from references': 'Ein neues Bild aus Referenzen',
  'As references': 'Als Referenzen',
  'Of the new picture': 'Des neuen Bildes',
  'The new picture is shown.': 'Das neue Bild wird gezeigt.',
  'Use as a reference': 'Als Referenz verwenden',
  'The model read': 'Das Modell las',
  Subject: 'Motiv',
  'An object, animal or character to show. Works best cut out.':
    'Ein Gegenstand, Tier oder eine Figur. Am besten freigestellt.',
  Identity: 'Identität',
  'A person’s face. Frame it; the rest is ignored.':
    'Das Gesicht einer Person. Einrahmen; der Rest wird nicht beachtet.',
  Style: 'Stil',
  'How the picture looks, not what it shows.': 'Wie das Bild aussieht, nicht was es zeigt.',
  'Try-on': 'Anprobe',
  'Clothing to wear. Works best cut out.': 'Kleidung zum Anziehen. Am besten freigestellt.',
  square: 'quadratisch',
  landscape: 'Querformat',
  'photo, landscape': 'Foto, Querformat',
  wide: 'breit',
  portrait: 'Hochformat',
  'photo, portrait': 'Foto, Hochformat',
  tall: 'hoch',
} as const
