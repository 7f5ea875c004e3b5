/** Mix. */
export const mix = {
  Drafts: 'Entwürfe',
  'Of other pictures, words, settings or models; new ones take their place.':
    'Von anderen Bildern, Wörtern, Einstellungen oder Modellen; neue treten an ihre Stelle.',
  'This picture': 'Dieses Bild',
  'This draft': 'Dieser Entwurf',
  'the best': 'der beste',
  'Draft: {words}': 'Entwurf: {words}',
  object: 'Objekt',
  'How {name} looks': 'Wie {name} aussieht',
  'What {name} is called': 'Wie {name} heißt',
  'Upper bar: looks alike; lower bar: is called so. Imbalance {imbalance}.':
    'Oberer Balken: sieht so aus; unterer: heißt so. Ungleichgewicht {imbalance}.',
  '{name}.': '{name}.',
  '{name}: {value}': '{name}: {value}',
  'Small pictures in the manner of emoji. Nothing to bring.':
    'Kleine Bilder nach Art von Emojis. Nichts mitzubringen.',
  'FLUX.1 with Redux, which you bring.': 'FLUX.1 mit Redux, die Sie mitbringen.',
  Balance: 'Balance',
  'Balance of both': 'Balance beider',
  'Find it': 'Suchen',
  'At most {drafts} drafts of {size} px in {steps} steps; then the best one at full quality.':
    'Höchstens {drafts} Entwürfe von {size} px in {steps} Schritten; dann der beste in voller Qualität.',
  'The slider shows the nearest draft; let go, and the exact one is made.':
    'Der Regler zeigt den nächstliegenden Entwurf; beim Loslassen entsteht der genaue.',
  'Three balances, each with either object stronger in the noise, and with both alike':
    'Drei Verhältnisse, jeweils mit einem der Objekte stärker im Rauschen und mit beiden gleich',
  'Try a grid of nine drafts': 'Raster aus neun Entwürfen',
  'As the authors': 'Wie die Autoren',
  '{size} × {size} pixels': '{size} × {size} Pixel',
  'Krea, else the newest': 'Krea, sonst das neueste',
  'Strength of {name} in the noise': 'Stärke von {name} im Rauschen',
  'Mixing of tokens': 'Mischen der Tokens',
  'As released': 'Wie veröffentlicht',
  'By angle': 'Nach Winkel',
  'As a whole': 'Als Ganzes',
  'The authors’ code mixes nearly all tokens straight; by angle, each is turned.':
    'Der Code der Autoren mischt fast alle Tokens geradlinig; nach Winkel wird jedes gedreht.',
  'Size of drafts': 'Größe der Entwürfe',
  'Steps of drafts': 'Schritte der Entwürfe',
  'Rounds of the search': 'Runden der Suche',
  'Each draws the noise anew, where no draft so far is good enough; at most {count} drafts a round.':
    'Jede zieht das Rauschen neu, wenn bisher kein Entwurf gut genug ist; höchstens {count} Entwürfe je Runde.',
  'Two objects': 'Zwei Objekte',
  'One on each picture; cut out they are compared more exactly.':
    'Eines auf jedem Bild; freigestellt werden sie genauer verglichen.',
  'Their balance': 'Ihre Balance',
  'Drafts are made and scored until both show; you see each of them.':
    'Entwürfe entstehen und werden bewertet, bis beide zu sehen sind; Sie sehen jeden davon.',
  'One picture': 'Ein Bild',
  'The best mixture at full quality, or the one that you choose.':
    'Die beste Mischung in voller Qualität oder die, die Sie wählen.',
  'Now the second object': 'Jetzt das zweite Objekt',
  'Two objects become one': 'Zwei Objekte werden eins',
  'Add the picture of another object. Both will be mixed into a single new one.':
    'Fügen Sie das Bild eines weiteren Objekts hinzu. Beide werden zu einem einzigen neuen gemischt.',
  'Add two pictures, each of one object. They are mixed into a single new one that shows both.':
    'Fügen Sie zwei Bilder mit je einem Objekt hinzu. Sie werden zu einem einzigen neuen gemischt, das beide zeigt.',
  'Add the second object': 'Zweites Objekt hinzufügen',
  'Add two objects': 'Zwei Objekte hinzufügen',
  'How it goes': 'So geht es',
  'Mix runs on FLUX.1 with Redux, which you bring.': 'Mix läuft auf FLUX.1 mit Redux, die Sie mitbringen.',
  'The mixture': 'Die Mischung',
  'The last draft': 'Der letzte Entwurf',
  'Press Fuse to mix them.': '„Verschmelzen“ mischt sie.',
  'A draft': 'Ein Entwurf',
  '{draft}: {shares}, {small} px. Fuse makes it at {large} px.':
    '{draft}: {shares}, {small} px. „Verschmelzen“ macht es mit {large} px.',
  'Nearest draft': 'Nächstliegender Entwurf',
  'Cut {name} out': '{name} freistellen',
  'What {name} is': 'Was {name} ist',
  'What is it?': 'Was ist es?',
  'Swap both objects': 'Beide Objekte tauschen',
  'Your objects will be listed here.': 'Ihre Objekte werden hier aufgeführt.',
  'More than two objects go beyond the paper: you choose their shares, no search finds them.':
    'Mehr als zwei Objekte gehen über die Arbeit hinaus: Sie wählen die Anteile, keine Suche findet sie.',
  'Add objects': 'Objekte hinzufügen',
  Parts: 'Teile',
  'Draw a place for': 'Bereich ziehen für',
  'Draw a box on the picture: there it shall be {name} alone':
    'Rahmen auf dem Bild ziehen: Dort soll es nur {name} sein',
  '{name} here': '{name} hier',
  'Remove place {number}': 'Bereich {number} entfernen',
  'Draw a box on the picture.': 'Ziehen Sie einen Rahmen auf dem Bild.',
  'Fuse follows them, drafts do not show them. Every step of the picture runs {count} times.':
    '„Verschmelzen“ folgt ihnen, Entwürfe zeigen sie nicht. Jeder Schritt des Bildes läuft {count}-mal.',
  'A part of the picture that one object shall have alone; beyond the paper.':
    'Ein Teil des Bildes, der einem Objekt allein gehört; über die Arbeit hinaus.',
  'Scores of the drafts': 'Werte der Entwürfe',
  'As objects': 'Als Objekte',
  'To be mixed': 'Zum Mischen',
  'The mixture is shown.': 'Die Mischung wird gezeigt.',
  'Use as an object': 'Als Objekt verwenden',
  found: 'gefunden',
  'object {letter}': 'Objekt {letter}',
  'The objects stand beside each other instead of being one. Try another seed, or find the balance in more rounds.':
    'Die Objekte stehen nebeneinander, statt eins zu sein. Versuchen Sie einen anderen Seed oder suchen Sie die Balance in mehr Runden.',
  'one object': 'einem Objekt',
  'One-sided': 'Einseitig',
  'There is little of {name}: move the balance towards it, or give it more strength in the noise.':
    'Von {name} ist wenig zu sehen: Verschieben Sie die Balance dorthin oder geben Sie mehr Stärke im Rauschen.',
  'its own outline': 'eigene Kontur',
  'where the cut-out network sees it': 'wo das Freistellnetz es sieht',
  'the whole picture': 'das ganze Bild',
  'Compared by {parts}; the mixture: {mixture}. The scale of names was measured on your pictures, for this CLIP is not the authors’. The search ends at their 2.4 on it, too, where that is only a hint.':
    'Verglichen nach {parts}; die Mischung: {mixture}. Die Skala der Namen wurde an Ihren Bildern gemessen, denn dieses CLIP ist nicht das der Autoren. Die Suche endet auch darauf bei deren 2,4; hier ist das nur ein Anhaltspunkt.',
  'Compared by {parts}; the mixture: {mixture}. On the authors’ scale; from 2.4 on they take a mixture.':
    'Verglichen nach {parts}; die Mischung: {mixture}. Auf der Skala der Autoren; ab 2,4 nehmen sie eine Mischung an.',
} as const
