## Coming in: access, connection, call rate

access-not_signed_in = You are not signed in. Sign in and try again.
access-not_configured = This world is not open yet. Come back in a while.
access-role = That is for people with the role { $a0 }. Ask one of them to do it.
access-scheduler = Only the world's own clock may do that. There is nothing you need to do.
access-too_many_calls = That was a lot at once. Take a breath and go on more slowly.
access-misrouted = A message took the wrong road ({ $a0 } instead of { $a1 }). Tell support if you see this again.
connection-blocked = This account may not play at present. Write to support if you think that is a mistake.
connection-not_authenticated = We could not tell who you are. Sign in again.
connection-no_player = This connection belongs to no player. Sign in first.
feature-off = { $a0 } is switched off at the moment. Try something else meanwhile.
feature-bad_name = There is no such part of the game to switch. Check how it is written.
host-out_of_energy = The server is out of breath. Try again in a moment.

## Sessions and the queue

session-sign_in_blocked = Nobody can sign in just now. Please try again later.
session-players_not_allowed = This region is not open to players yet. Choose another or wait a while.
session-queue_full = The queue is full: { $a0 } people are already waiting. Try again in some minutes.
session-region_full = This region is full to the last place ({ $a0 }). Wait a little, or come in elsewhere.
session-already_signed_in = You are already signed in here. Close the other window first.
session-not_signed_in = You are not signed in here. Sign in and try again.
session-not_waiting = You are not in the queue. Sign in to get a place.
session-no_connection = The connection is gone. Connect again.
session-no_player = You have no character in this region. Look for it in the region where you left it.
session-world_not_loaded = The land here is still being laid out. Try again in a minute.

## Accounts and names

account-exists = You already have an account. Just sign in.
account-unknown = There is no account like that. Check the name, or register first.
account-not_ready = Your character is still on the way. Try again in a moment.
account-no_region = No region takes new people at present. Please come back later.
user_name-too_short = That name is too short. It needs at least { $a0 } characters.
user_name-too_long = That name is too long. It may have at most { $a0 } characters.
user_name-character = The character { $a0 } cannot stand in a name. Use letters, digits, _ or -.
user_name-first_letter = A name begins with a letter. Put one in front.
user_name-separator = _ and - may not stand at the end or side by side. Move or remove one.
user_name-mixed_scripts = That name mixes several scripts. Stay with one.
user_name-confusable = That name looks like different letters from the ones it has. Choose one that can be read only one way.
user_name-reserved = That name is kept for someone else. Choose another.
user_name-profane = There is a word in that name that we do not use here. Choose another.
user_name-taken = Someone already has that name, or one that looks just like it. Choose another.
player-unknown = Nobody here goes by that. Check the name.
player-not_here = They are in another region, or on the way to one. Try again when they have arrived.
player-exists = This character is already here. Sign in as usual.
player-create_failed = Your character could not be set down ({ $a0 }). Try again; if that does not help, write to support.
role-blocked_already = That account is blocked already. Nothing more to do.
role-not_blocked = That account is not blocked. Check which one you mean.
role-no_developer = That account is no developer. Check which one you mean.

## Walking

move-not_finite = That step led nowhere that can be measured. Try again.
move-out_of_range = That lies beyond the measured land. Walk somewhere nearer.
move-wrong_dimension = One foot here and one somewhere else does not work. Wait until you have arrived.
move-clock_behind = Your clock is more than { $a0 } ms slow. Reconnect to set it.
move-clock_ahead = Your clock is more than { $a0 } ms fast. Reconnect to set it.
move-out_of_order = That step arrived after a later one. Just walk on.
move-too_long = That stretch takes too long for one go (more than { $a0 } ms). Walk it in pieces.
move-too_far = That is too far for one go. Aim no further than { $a0 } tiles.
move-start_too_far = You are more than { $a0 } tiles from where you set out. Stand still for a moment and try again.
move-over_speed_cap = Nothing in the march goes faster than { $a0 } tiles a second. Neither do you.
move-no_ground = There is no ground there. Choose another way.
move-too_steep = Too steep: a step may be at most { $a0 } high. Go round.
move-too_deep = The water is too deep for you there. Look for a ford.
move-blocked = Something stands in the way. Go round it.
move-rooted = You cannot move your feet just now. Wait until it wears off.
move-too_soon = You were { $a0 } ms too early. Walk on, a little more slowly.
move-too_fast = That was { $a0 } ms faster than your legs. Walk on, a little more slowly.
move-no_position = Nobody knows where you are, not even us. Sign in again.
move-dead = You have fallen, and the fallen do not walk. Wake up first.
move-no_content = The rules of walking are not here yet. Try again in a minute.
position-not_finite = That is no place that can be measured. Choose another.
position-out_of_range = That place lies beyond the measured land. Choose a nearer one.
footprint-twice = It would stand on the tile { $a0 },{ $a1 } twice. Take one of the two out.
footprint-too_wide = It is too wide: at most { $a0 } tiles from its middle. Make it smaller.

## Doors and buildings

portal-not_found = There is no door there any more. Look for another.
portal-closed = There is nothing behind that door at the moment but rubble. Come back later.
portal-too_far = That door is further than { $a0 } tiles away. Go nearer.
portal-dead = You have fallen, and the fallen go through no doors. Wake up first.
interior-bad_content = What is behind the doors of building { $a0 } does not fit together. Mend its rooms and doors, and push again.
building-unknown = There is no building with the number { $a0 }. Check which one you meant.
building-bad_direction = A building faces one of six ways, 0 to 5. Choose one.
building-outside = That place is in another region. Build it there.
building-no_ground = There is no ground at { $a0 }, { $a1 }. Choose another place.
building-too_deep = The water is too deep at { $a0 }, { $a1 }. Choose a drier place.
building-uneven = The ground there differs by more than { $a0 }. Choose a more level place.
building-occupied = Something stands at { $a0 }, { $a1 } already. Choose a free place.
building-not_found = That building is gone. Look at the map again.
floor_plan-empty = A room has no rows. Draw it.
floor_plan-too_large = A room is at most { $a0 } tiles wide and deep. Make it smaller.
floor_plan-ragged = Row { $a0 } of the room is of another length than the first. Make them the same.
floor_plan-character = The sign { $a0 } in row { $a1 } of the room draws nothing. Use those of the other rooms.
floor_plan-divided = The floor at { $a0 }, { $a1 } cannot be reached from the rest of the room. Make it one piece.

## Between regions

transfer-no_region = There is no region { $a0 }. The map is right about that.
transfer-closed = Region { $a0 } takes nobody in at present. Turn round, or wait at the line.
transfer-already_here = You are already here. Walk on.
transfer-outside = That place is not in the region you were going to. You stay where you were.
transfer-conflict = Part of your luggage got there before you ({ $a0 }). You stay here; write to support.
teleport-outside = No waystone reaches that far. Choose a place on the map.
region-not_set_up = This region has not been laid out yet. Try again later.
region-closed_to_new_players = This region takes no new people at present. Start somewhere else.
region-out_of_world = That place is beyond the edge of the world. Choose one this side of it.
region-no_such_index = There is no region with that number. Check the list of regions.
region-already_set_up = This region has already been laid out. It can only be done once.
region-too_many = There may be at most { $a0 } regions. Send fewer.
region-bad_address = The address of region { $a0 } cannot be used. Write it like http://host:port.
region-bad_parameters = Those limits do not fit together; the grace period is at most { $a0 } seconds. Mend them and send again.
region-empty_layout = A region needs at least one chunk. Give it a size.
region-layout_too_large = The world may be at most { $a0 } chunks wide. Make the regions smaller or fewer.
world-already_loaded = The land here is already laid out. It can only be done once.
world-no_content = There is no content to lay the land out with. Upload it first.
world-too_large = That world is too large: at most { $a0 } chunks. Choose a smaller one.
world-already_begun = This land is being laid out another way already. Wait until it is there, or begin with a new database.
world-not_begun = Nobody has begun to lay this land out. Begin with a seed.
world-broken_definition = What this land follows from cannot be read ({ $a0 }). Begin with a new database.
world-no_such_site = The content has no kind of site with the number { $a0 }. Push the content that the land was made with.
world-no_upload = No land is being sent here. Begin with its sites.
world-too_many_sites = A region has at most { $a0 } sites. Send fewer.
world-outside = The part { $a0 }, { $a1 } of the land is not of this region. Send it where it belongs.
world-cells = The ground of this part has { $a0 } bytes instead of { $a1 }. Send it with the tool of this version.
world-too_many_things = At most { $a0 } things lie in one part of the land. Send fewer.
world-chunks_missing = { $a0 } parts of the land have not been sent yet. Send them first.

## Things and pockets

inventory-full = There is no room for { $a0 } of it. Empty a pocket first.
inventory-none = There is no backpack here to put it in. Sign in again.
item-unknown = There is no thing with the number { $a0 }. Check which one you meant.
held_items-none = Nothing is waiting for you. You have collected it all.
grant-bad_quantity = Give at least 1 and at most { $a0 } of it.
entity-no_globals = This part of the world is not ready for new things yet. Try again in a minute.
entity-exhausted = This part of the world has run out of room for new things. Tell support.
knowledge-full = You remember { $a0 } things of this kind already, and there is no room for more. What you know stays.

## The land, and what stands in it

resource-gone = There is nothing left of it. Look for another.
resource-bad_damage = A stroke has to take something. Give at least 1.
resource-unknown = Nothing that grows or lies in the land has the number { $a0 }. Check which one you meant.
resource-not_in_chunk = The place { $a0 }, { $a1 } lies in another part of the land. Send it with that part.
resource-bad_direction = Things face one of six ways, 0 to 5. Choose one of them.
resource-outside_region = That place is not in this region. Choose one that is.
resource-no_ground = There is no ground there yet. Choose another place.
resource-taken = Something stands there already. Choose another place.
loot_chest-none = There is no chest here any more. Look elsewhere.
loot_chest-unknown = There is no chest with the number { $a0 }. Check which one you meant.
loot_chest-empty = Somebody was here before you: the chest is empty. Come back later.
loot_chest-too_far = You cannot reach it from here. Go within { $a0 } tiles of it.
loot_chest-dead = The fallen open no chests. Wake up first.

## Creatures and travellers, for those who run the world

enemy-unknown = That creature is not there any more. Look again where they are.
enemy-unknown_type = There is no such kind of creature. Check its number.
enemy-bad_damage = That is no amount of harm. Give a number from 0 up.
enemy-no_room = It cannot be there: the ground is too wet, too dry or too steep for it. Choose another place.
enemy-no_herd = There is no such herd. Look again where they are.
npc-unknown = That traveller is not here. Look again who is.
npc-unknown_type = There is no such traveller. Check the number.
npc-no_building = That building is not here. Look again which are.
npc-no_place = Every place for travellers at that building is taken. Choose another building.
npc-too_many_ruins = Travellers already go between { $a0 } buildings, and no more. Take one off first.

## Writing

text-empty = There is nothing in it yet. Write something.
text-too_long = That is too long. Keep it to { $a0 } characters.
text-control_character = There is a character in it that cannot be shown. Type it again without pasting.

## Content and settings, for those who run the world

static_data-empty = These tables have no rows: { $a0 }. Stage them too.
static_data-staged_twice = { $a0 } has two different rows with the key { $a1 }. Keep one.
static_data-not_unique = { $a0 } has another row with a value that may be there only once, beside row { $a1 }. Change one of them.
static_data-too_many_rows = At most { $a0 } rows go up at once. Send them in smaller parts.
static_data-invalid = The content has { $a0 } mistakes, the first: { $a1 }. Mend them and push again.
static_data-push_in_progress = Someone else is uploading content. Wait for them to finish; if they are silent for { $a0 } more seconds, it is your turn.
static_data-push_superseded = Someone else began to upload while you were silent. Begin again when they are done.
static_data-push_broken_off = What lies here is from an upload that broke off. Begin that one again, or clear it away.
static_data-hash_too_long = The name of the content is too long. Keep it to { $a0 } bytes.
static_data-in_use = The live world still holds { $a0 } of the rows that would be gone, the first: { $a1 }. Name successors, or keep them.
static_data-no_successor = Nothing takes the place of { $a0 } rows that the live world holds, the first: { $a1 }. Add them to content_successor_desc.
static_data-no_index = The rows of { $a0 } could not be cleared away, and all is as it was. Tell support.
config-empty = The settings are empty. Upload at least one environment.
config-too_many = There are too many environments; { $a0 } is the most. Leave some out.
config-length_mismatch = { $a0 } names and { $a1 } contents do not go together. Send one content for each name.
config-too_large = The settings of { $a0 } are over { $a1 } bytes. Shorten them.
config-unknown_environment = The name at place { $a0 } is no environment. Use one of the known names.
config-duplicate_environment = { $a0 } is there twice. Keep one.
config-ambiguous = There are { $a0 } environments and none was chosen. Say which one is meant.
config-environment_missing = The environment { $a0 } is not among those uploaded. Add it.
config-environment_mismatch = These settings say they are for { $a0 }. Upload them there, or mend the name.
config-malformed = The settings of { $a0 } cannot be read at line { $a1 }, column { $a2 }: { $a3 }. Mend that place.
shared_table-not_owner = { $a0 } is not written here but by its owner. Change it there.
shared_table-bad_copy = A copy of { $a0 } arrived in pieces that do not fit. It will be sent again by itself.
dead_letter-no_owner = Letter { $a0 } has nobody to go back to. It stays where it is.
dead_letter-unknown = There is no undelivered letter { $a0 }. It may have been dealt with.

## Messages between regions, which players see at most as a reason

inter_module-unexpected_message = This part of the world cannot do anything with that message. Tell support.
inter_module-malformed_batch = A bundle of messages arrived out of order. It will be sent again by itself.
inter_module-gap = A message is missing after number { $a0 }. It will be sent again by itself.
inter_module-rejected = The other region said no: { $a0 }. Nothing was lost.
inter_module-failed = The other region had already said no: { $a0 }. Nothing was lost.
inter_module-batch = Message { $a0 } was refused: { $a1 }. The others are sent again by themselves.
inter_module-answer = The answer to message { $a0 } could not be used: { $a1 }. It will be tried again.
inter_module-unhandled = The other region tried several times and could not deal with it: { $a0 }. Tell support; it is kept until then.
inter_module-no_such_destination = There is no region { $a0 } to send anything to from here. Check the list of regions.
inter_module-destination_gone = The region it was going to is no more. It came back to where it was sent from.
