## Hereinkommen: Zugang, Verbindung, Zahl der Aufrufe

access-not_signed_in = Du bist nicht angemeldet. Melde dich an und versuch es noch einmal.
access-not_configured = Diese Welt ist noch nicht geöffnet. Komm etwas später wieder.
access-role = Das dürfen nur Leute mit der Rolle { $a0 }. Bitte jemanden von ihnen darum.
access-scheduler = Das darf nur die Uhr der Welt. Du musst nichts tun.
access-too_many_calls = Das war viel auf einmal. Hol Luft und mach langsamer weiter.
access-misrouted = Eine Nachricht nahm den falschen Weg ({ $a0 } statt { $a1 }). Sag dem Support Bescheid, wenn das wieder vorkommt.
connection-blocked = Dieses Konto darf zurzeit nicht spielen. Schreib dem Support, wenn du das für einen Irrtum hältst.
connection-not_authenticated = Wir konnten nicht erkennen, wer du bist. Melde dich neu an.
connection-no_player = Zu dieser Verbindung gehört kein Spieler. Melde dich erst an.
feature-off = { $a0 } ist im Augenblick abgeschaltet. Mach so lange etwas anderes.
feature-bad_name = Diesen Teil des Spiels gibt es nicht. Prüfe die Schreibweise.
host-out_of_energy = Der Server ist außer Atem. Versuch es gleich noch einmal.

## Sitzungen und die Warteschlange

session-sign_in_blocked = Gerade kann sich niemand anmelden. Bitte versuch es später.
session-players_not_allowed = Diese Gegend ist noch nicht für Spieler offen. Nimm eine andere oder warte ein wenig.
session-queue_full = Die Warteschlange ist voll: { $a0 } Leute warten schon. Versuch es in ein paar Minuten.
session-region_full = Diese Gegend ist bis auf den letzten Platz voll ({ $a0 }). Warte ein wenig oder komm woanders herein.
session-already_signed_in = Du bist hier schon angemeldet. Schließ erst das andere Fenster.
session-not_signed_in = Du bist hier nicht angemeldet. Melde dich an und versuch es noch einmal.
session-not_waiting = Du stehst nicht in der Schlange. Melde dich an, dann bekommst du einen Platz.
session-no_connection = Die Verbindung ist weg. Verbinde dich neu.
session-no_player = Du hast in dieser Gegend keine Figur. Such sie dort, wo du sie gelassen hast.
session-world_not_loaded = Das Land wird hier noch ausgelegt. Versuch es in einer Minute.

## Konten und Namen

account-exists = Du hast schon ein Konto. Melde dich einfach an.
account-unknown = So ein Konto gibt es nicht. Prüfe den Namen oder registriere dich erst.
account-not_ready = Deine Figur ist noch unterwegs. Versuch es gleich noch einmal.
account-no_region = Zurzeit nimmt keine Gegend neue Leute auf. Bitte komm später wieder.
user_name-too_short = Der Name ist zu kurz. Er braucht mindestens { $a0 } Zeichen.
user_name-too_long = Der Name ist zu lang. Er darf höchstens { $a0 } Zeichen haben.
user_name-character = Das Zeichen { $a0 } darf nicht in einem Namen stehen. Nimm Buchstaben, Ziffern, _ oder -.
user_name-first_letter = Ein Name beginnt mit einem Buchstaben. Stell einen voran.
user_name-separator = _ und - dürfen nicht am Ende oder nebeneinander stehen. Versetze oder streiche eins.
user_name-mixed_scripts = Der Name mischt mehrere Schriften. Bleib bei einer.
user_name-confusable = Der Name sieht nach anderen Buchstaben aus, als er hat. Nimm einen, der sich nur auf eine Art lesen lässt.
user_name-reserved = Dieser Name ist für jemand anderen vorgesehen. Nimm einen anderen.
user_name-profane = In dem Namen steckt ein Wort, das wir hier nicht benutzen. Nimm einen anderen.
user_name-taken = Den Namen, oder einen, der genauso aussieht, hat schon jemand. Nimm einen anderen.
player-unknown = So heißt hier niemand. Prüfe den Namen.
player-not_here = Diese Figur ist in einer anderen Gegend oder unterwegs dorthin. Versuch es, wenn sie angekommen ist.
player-exists = Diese Figur ist schon hier. Melde dich wie gewohnt an.
player-create_failed = Deine Figur ließ sich nicht absetzen ({ $a0 }). Versuch es noch einmal; hilft das nicht, schreib dem Support.
role-blocked_already = Dieses Konto ist schon gesperrt. Es ist nichts weiter zu tun.
role-not_blocked = Dieses Konto ist nicht gesperrt. Prüfe, welches du meinst.
role-no_developer = Dieses Konto gehört keinem Entwickler. Prüfe, welches du meinst.

## Gehen

move-not_finite = Dieser Schritt führte an keinen messbaren Ort. Versuch es noch einmal.
move-out_of_range = Das liegt jenseits des vermessenen Landes. Geh an einen näheren Ort.
move-wrong_dimension = Ein Fuß hier und einer anderswo, das geht nicht. Warte, bis du angekommen bist.
move-clock_behind = Deine Uhr geht mehr als { $a0 } ms nach. Verbinde dich neu, dann wird sie gestellt.
move-clock_ahead = Deine Uhr geht mehr als { $a0 } ms vor. Verbinde dich neu, dann wird sie gestellt.
move-out_of_order = Dieser Schritt kam nach einem späteren an. Geh einfach weiter.
move-too_long = Diese Strecke dauert für einmal zu lange (mehr als { $a0 } ms). Geh sie in Stücken.
move-too_far = Das ist für einmal zu weit. Nimm dir höchstens { $a0 } Felder vor.
move-start_too_far = Du bist mehr als { $a0 } Felder von deinem Ausgangspunkt entfernt. Bleib kurz stehen und versuch es noch einmal.
move-over_speed_cap = Nichts in der Mark ist schneller als { $a0 } Felder in der Sekunde. Du auch nicht.
move-no_ground = Dort ist kein Boden. Nimm einen anderen Weg.
move-too_steep = Zu steil: Eine Stufe darf höchstens { $a0 } hoch sein. Geh außen herum.
move-too_deep = Dort ist das Wasser zu tief für dich. Such eine Furt.
move-blocked = Da steht etwas im Weg. Geh darum herum.
move-rooted = Du kannst die Füße gerade nicht bewegen. Warte, bis es nachlässt.
move-too_soon = Du warst { $a0 } ms zu früh. Geh weiter, etwas langsamer.
move-too_fast = Das war { $a0 } ms schneller als deine Beine. Geh weiter, etwas langsamer.
move-no_position = Niemand weiß, wo du bist, auch wir nicht. Melde dich neu an.
move-dead = Du bist gefallen, und wer gefallen ist, geht nicht. Wach erst auf.
move-no_content = Die Regeln fürs Gehen sind noch nicht da. Versuch es in einer Minute.
position-not_finite = Das ist kein messbarer Ort. Nimm einen anderen.
position-out_of_range = Dieser Ort liegt jenseits des vermessenen Landes. Nimm einen näheren.
footprint-twice = Es stünde zweimal auf dem Feld { $a0 },{ $a1 }. Nimm eines der beiden heraus.
footprint-too_wide = Es ist zu breit: höchstens { $a0 } Felder von seiner Mitte. Mach es kleiner.

## Türen und Gebäude

portal-not_found = Da ist keine Tür mehr. Such dir eine andere.
portal-closed = Hinter dieser Tür liegt zurzeit nichts als Schutt. Komm später wieder.
portal-too_far = Diese Tür ist mehr als { $a0 } Felder entfernt. Geh näher heran.
portal-dead = Du bist gefallen, und wer gefallen ist, geht durch keine Tür. Wach erst auf.
interior-bad_content = Was hinter den Türen von Gebäude { $a0 } liegt, passt nicht zusammen. Bring Räume und Türen in Ordnung und lade neu hoch.
building-unknown = Es gibt kein Gebäude mit der Nummer { $a0 }. Sieh nach, welches du meintest.
building-bad_direction = Ein Gebäude schaut in eine von sechs Richtungen, 0 bis 5. Such eine aus.
building-outside = Dieser Ort liegt in einer anderen Gegend. Bau dort.
building-no_ground = Bei { $a0 }, { $a1 } ist kein Boden. Such einen anderen Ort.
building-too_deep = Bei { $a0 }, { $a1 } ist das Wasser zu tief. Such einen trockeneren Ort.
building-uneven = Der Boden ist dort um mehr als { $a0 } uneben. Such einen ebeneren Ort.
building-occupied = Bei { $a0 }, { $a1 } steht schon etwas. Such einen freien Ort.
building-not_found = Dieses Gebäude ist weg. Sieh noch einmal auf die Karte.
floor_plan-empty = Ein Raum hat keine Zeilen. Zeichne ihn.
floor_plan-too_large = Ein Raum ist höchstens { $a0 } Felder breit und tief. Mach ihn kleiner.
floor_plan-ragged = Zeile { $a0 } des Raums ist anders lang als die erste. Mach sie gleich lang.
floor_plan-character = Das Zeichen { $a0 } in Zeile { $a1 } des Raums zeichnet nichts. Nimm die der anderen Räume.
floor_plan-divided = Der Boden bei { $a0 }, { $a1 } ist vom Rest des Raums aus nicht zu erreichen. Mach ihn zu einem Stück.

## Zwischen den Gegenden

transfer-no_region = Eine Gegend { $a0 } gibt es nicht. Da hat die Karte recht.
transfer-closed = Gegend { $a0 } nimmt gerade niemanden auf. Kehr um oder warte an der Linie.
transfer-already_here = Du bist schon hier. Geh weiter.
transfer-outside = Dieser Ort liegt nicht in der Gegend, in die du wolltest. Du bleibst, wo du warst.
transfer-conflict = Ein Teil deines Gepäcks war vor dir da ({ $a0 }). Du bleibst hier; schreib dem Support.
teleport-outside = So weit reicht kein Wegstein. Nimm einen Ort auf der Karte.
region-not_set_up = Diese Gegend ist noch nicht angelegt. Versuch es später.
region-closed_to_new_players = Diese Gegend nimmt zurzeit keine neuen Leute auf. Fang woanders an.
region-out_of_world = Dieser Ort liegt hinter dem Rand der Welt. Nimm einen davor.
region-no_such_index = Eine Gegend mit dieser Nummer gibt es nicht. Sieh in die Liste der Gegenden.
region-already_set_up = Diese Gegend ist schon angelegt. Das geht nur einmal.
region-too_many = Es darf höchstens { $a0 } Gegenden geben. Schick weniger.
region-bad_address = Die Adresse von Gegend { $a0 } ist nicht brauchbar. Schreib sie wie http://host:port.
region-bad_parameters = Diese Grenzen passen nicht zusammen; die Gnadenfrist beträgt höchstens { $a0 } Sekunden. Berichtige sie und schick sie noch einmal.
region-empty_layout = Eine Gegend braucht mindestens einen Abschnitt. Gib ihr eine Größe.
region-layout_too_large = Die Welt darf höchstens { $a0 } Abschnitte breit sein. Mach die Gegenden kleiner oder weniger.
world-already_loaded = Das Land ist hier schon ausgelegt. Das geht nur einmal.
world-no_content = Es gibt noch keine Inhalte, um das Land auszulegen. Lade sie erst hoch.
world-too_large = Diese Welt ist zu groß: höchstens { $a0 } Abschnitte. Nimm eine kleinere.
world-already_begun = Dieses Land wird schon auf andere Weise ausgelegt. Warte, bis es da ist, oder beginne mit einer neuen Datenbank.
world-not_begun = Noch hat niemand begonnen, dieses Land auszulegen. Beginne mit einem Startwert.
world-broken_definition = Woraus dieses Land folgt, ist nicht zu lesen ({ $a0 }). Beginne mit einer neuen Datenbank.
world-no_such_site = In den Inhalten gibt es keine Art von Ort mit der Nummer { $a0 }. Lade die Inhalte hoch, mit denen das Land gemacht wurde.
world-no_upload = Hierher wird kein Land geschickt. Beginne mit seinen Orten.
world-too_many_sites = Eine Region hat höchstens { $a0 } Orte. Schicke weniger.
world-outside = Der Abschnitt { $a0 }, { $a1 } gehört nicht zu dieser Region. Schicke ihn dorthin, wohin er gehört.
world-cells = Der Boden dieses Abschnitts hat { $a0 } Bytes statt { $a1 }. Schicke ihn mit dem Werkzeug dieser Version.
world-too_many_things = In einem Abschnitt liegen höchstens { $a0 } Dinge. Schicke weniger.
world-chunks_missing = { $a0 } Abschnitte des Landes fehlen noch. Schicke sie zuerst.

## Sachen und Taschen

inventory-full = Für { $a0 } davon ist kein Platz. Leere erst eine Tasche.
inventory-none = Hier ist kein Rucksack, um es hineinzutun. Melde dich neu an.
item-unknown = Ein Ding mit der Nummer { $a0 } gibt es nicht. Prüfe, welches du meintest.
held_items-none = Es wartet nichts auf dich. Du hast schon alles abgeholt.
grant-bad_quantity = Gib mindestens 1 und höchstens { $a0 } davon.
entity-no_globals = Dieser Teil der Welt ist noch nicht bereit für Neues. Versuch es in einer Minute.
entity-exhausted = In diesem Teil der Welt ist kein Platz mehr für Neues. Sag dem Support Bescheid.
knowledge-full = Du merkst dir schon { $a0 } Dinge dieser Art, mehr passt nicht hinein. Was du weißt, bleibt.

## Das Land, und was darin steht

resource-gone = Davon ist nichts mehr da. Such dir etwas anderes.
resource-bad_damage = Ein Hieb muss etwas wegnehmen. Gib mindestens 1 an.
resource-unknown = Nichts, was im Land wächst oder liegt, hat die Nummer { $a0 }. Prüf, was gemeint ist.
resource-not_in_chunk = Die Stelle { $a0 }, { $a1 } liegt in einem anderen Teil des Landes. Schick sie mit diesem.
resource-bad_direction = Dinge schauen in eine von sechs Richtungen, 0 bis 5. Wähl eine davon.
resource-outside_region = Diese Stelle liegt nicht in dieser Region. Wähl eine, die darin liegt.
resource-no_ground = Dort ist noch kein Boden. Wähl eine andere Stelle.
resource-taken = Dort steht schon etwas. Wähl eine andere Stelle.
loot_chest-none = Hier ist keine Truhe mehr. Schau anderswo.
loot_chest-unknown = Eine Truhe mit der Nummer { $a0 } gibt es nicht. Prüf, welche gemeint ist.
loot_chest-empty = Jemand war vor dir da: Die Truhe ist leer. Komm später wieder.
loot_chest-too_far = Von hier reichst du nicht hin. Geh bis auf { $a0 } Felder heran.
loot_chest-dead = Gefallene öffnen keine Truhen. Wach erst auf.

## Geschöpfe und Reisende, für die, die die Welt betreiben

enemy-unknown = Dieses Geschöpf ist nicht mehr da. Sieh noch einmal nach, wo sie sind.
enemy-unknown_type = Diese Art von Geschöpf gibt es nicht. Prüfe ihre Nummer.
enemy-bad_damage = So viel Schaden gibt es nicht. Gib eine Zahl ab 0 an.
enemy-no_room = Dort kann es nicht sein: Der Boden ist ihm zu nass, zu trocken oder zu steil. Wähle einen anderen Ort.
enemy-no_herd = Diese Herde gibt es nicht. Sieh noch einmal nach, wo sie sind.
npc-unknown = Diese reisende Person ist nicht hier. Sieh noch einmal nach, wer da ist.
npc-unknown_type = So jemanden gibt es unter den Reisenden nicht. Prüfe die Nummer.
npc-no_building = Dieses Gebäude steht nicht hier. Sieh noch einmal nach, welche es gibt.
npc-no_place = An diesem Gebäude ist jeder Platz für Reisende besetzt. Wähle ein anderes.
npc-too_many_ruins = Reisende ziehen schon zwischen { $a0 } Gebäuden umher, mehr geht nicht. Nimm erst eines weg.

## Schreiben

text-empty = Da steht noch nichts. Schreib etwas.
text-too_long = Das ist zu lang. Bleib bei { $a0 } Zeichen.
text-control_character = Darin steckt ein Zeichen, das sich nicht anzeigen lässt. Tipp es neu, statt es einzufügen.

## Inhalte und Einstellungen, für die, die die Welt betreiben

static_data-empty = Diese Tabellen haben keine Zeilen: { $a0 }. Lade sie auch hoch.
static_data-staged_twice = { $a0 } hat zwei verschiedene Zeilen mit dem Schlüssel { $a1 }. Behalte eine.
static_data-not_unique = { $a0 } hat neben Zeile { $a1 } noch eine mit einem Wert, den es nur einmal geben darf. Ändere eine.
static_data-too_many_rows = Auf einmal gehen höchstens { $a0 } Zeilen. Schick sie in kleineren Teilen.
static_data-invalid = Die Inhalte haben { $a0 } Fehler, der erste: { $a1 }. Behebe sie und lade neu hoch.
static_data-push_in_progress = Jemand anderes lädt gerade Inhalte hoch. Warte, bis es fertig ist; bleibt es noch { $a0 } Sekunden still, bist du dran.
static_data-push_superseded = Jemand anderes hat mit dem Hochladen begonnen, während es bei dir still war. Fang neu an, wenn es fertig ist.
static_data-push_broken_off = Was hier liegt, stammt von einem abgebrochenen Hochladen. Fang das noch einmal an oder räum es weg.
static_data-hash_too_long = Der Name der Inhalte ist zu lang. Bleib bei { $a0 } Bytes.
static_data-in_use = Die laufende Welt enthält noch { $a0 } der Zeilen, die wegfielen, die erste: { $a1 }. Nenne Nachfolger oder behalte sie.
static_data-no_successor = Nichts tritt an die Stelle von { $a0 } Zeilen, die die laufende Welt enthält, die erste: { $a1 }. Ergänze sie in content_successor_desc.
static_data-no_index = Die Zeilen von { $a0 } ließen sich nicht wegräumen, und alles ist, wie es war. Sag dem Support Bescheid.
config-empty = Die Einstellungen sind leer. Lade mindestens eine Umgebung hoch.
config-too_many = Es sind zu viele Umgebungen; höchstens { $a0 }. Lass welche weg.
config-length_mismatch = { $a0 } Namen und { $a1 } Inhalte passen nicht zusammen. Schick zu jedem Namen einen Inhalt.
config-too_large = Die Einstellungen von { $a0 } haben über { $a1 } Bytes. Kürze sie.
config-unknown_environment = Der Name an Stelle { $a0 } ist keine Umgebung. Nimm einen der bekannten Namen.
config-duplicate_environment = { $a0 } kommt zweimal vor. Behalte eine.
config-ambiguous = Es gibt { $a0 } Umgebungen, und keine ist gewählt. Sag, welche gemeint ist.
config-environment_missing = Die Umgebung { $a0 } ist nicht dabei. Ergänze sie.
config-environment_mismatch = Diese Einstellungen sind laut Inhalt für { $a0 }. Lade sie dort hoch oder berichtige den Namen.
config-malformed = Die Einstellungen von { $a0 } sind in Zeile { $a1 }, Spalte { $a2 } nicht lesbar: { $a3 }. Berichtige die Stelle.
shared_table-not_owner = { $a0 } wird nicht hier geschrieben, sondern von seinem Besitzer. Ändere es dort.
shared_table-bad_copy = Eine Kopie von { $a0 } kam in Teilen an, die nicht passen. Sie wird von selbst noch einmal geschickt.
dead_letter-no_owner = Brief { $a0 } hat niemanden, zu dem er zurückkann. Er bleibt, wo er ist.
dead_letter-unknown = Einen unzustellbaren Brief { $a0 } gibt es nicht. Vielleicht ist er schon erledigt.

## Nachrichten zwischen Gegenden, die Spieler höchstens als Grund sehen

inter_module-unexpected_message = Dieser Teil der Welt kann mit der Nachricht nichts anfangen. Sag dem Support Bescheid.
inter_module-malformed_batch = Ein Bündel Nachrichten kam durcheinander an. Es wird von selbst noch einmal geschickt.
inter_module-gap = Nach Nummer { $a0 } fehlt eine Nachricht. Sie wird von selbst noch einmal geschickt.
inter_module-rejected = Die andere Gegend hat abgelehnt: { $a0 }. Verloren ist nichts.
inter_module-failed = Die andere Gegend hatte schon abgelehnt: { $a0 }. Verloren ist nichts.
inter_module-batch = Nachricht { $a0 } wurde abgelehnt: { $a1 }. Die anderen werden von selbst noch einmal geschickt.
inter_module-answer = Mit der Antwort auf Nachricht { $a0 } ging etwas schief: { $a1 }. Es wird noch einmal versucht.
inter_module-unhandled = Die andere Gegend hat es mehrmals versucht und kam damit nicht zurecht: { $a0 }. Sag dem Support Bescheid; bis dahin wird es aufgehoben.
inter_module-no_such_destination = Eine Gegend { $a0 }, an die von hier etwas ginge, gibt es nicht. Prüfe die Liste der Gegenden.
inter_module-destination_gone = Die Gegend, zu der es unterwegs war, gibt es nicht mehr. Es ist wieder da, wo es losgeschickt wurde.
