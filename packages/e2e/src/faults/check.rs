//! Whether the books agree. Judged by what the databases say alone: what a writer was told may be forgotten with the tail
//! of a host that was killed, and is then as if it had never been sent.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::books::{Arrival, Book, Sent, EVERYWHERE, TO_GLOBAL};
use super::plan::{self, is_durable_text, ITEMS};
use super::{MINTED, OWNED};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A message took effect more often than it may, or did although its sender has it back or knows nothing of it.
    Doubled,
    /// A message took effect nowhere, and its sender does not have it back.
    Lost,
    /// Messages of one stream took effect in another order than they were sent.
    Disorder,
    /// A message was answered more than once, or with the answer to another.
    Answer,
    /// A ledger does not hold what was sent and taken.
    Ledger,
    /// An owner is nowhere, twice, or not where the global database says.
    Astray,
    /// A replica differs from its owner's rows.
    Replica,
    /// Messages wait although everything runs.
    Stuck,
}

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: Kind,
    /// The database where it shows.
    pub database: u8,
    /// What exactly.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:?} in database {}: {}",
            self.kind, self.database, self.text
        )
    }
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, kind: Kind, database: u8, text: String) {
        self.0.push(Finding { kind, database, text });
    }
}

/// Everything that is wrong, once no message is under way.
pub fn check(books: &[Book]) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    let sent: BTreeMap<(u8, u64), &Sent> = books
        .iter()
        .flat_map(|book| book.sent.iter().map(|sent| ((book.database, sent.token), sent)))
        .collect();
    for book in books {
        for (to, waiting) in &book.outbox {
            let text = format!("{waiting} messages to database {to} wait in the outbox");
            findings.add(Kind::Stuck, book.database, text);
        }
        if book.escrow > 0 {
            let text = format!("{} messages hold something, though none is under way", book.escrow);
            findings.add(Kind::Stuck, book.database, text);
        }
        arrivals(book, &sent, &mut findings);
        answers(book, books, &mut findings);
        ledger(book, &mut findings);
    }
    texts(books, &mut findings);
    owners(books, &mut findings);
    total(books, &mut findings);
    replicas(books, &mut findings);
    findings.0
}

/// Everything that was taken was sent, once, to here, and counts as done there; and came in the order of sending.
fn arrivals(book: &Book, sent: &BTreeMap<(u8, u64), &Sent>, findings: &mut Findings) {
    let here = book.database;
    let mut seen: BTreeSet<(u8, u64)> = BTreeSet::new();
    let mut streams: BTreeMap<u8, Vec<(u64, u64)>> = BTreeMap::new();
    for arrival in &book.arrivals {
        let Arrival {
            token, sender, number, ..
        } = *arrival;
        if !seen.insert((sender, token)) {
            findings.add(
                Kind::Doubled,
                here,
                format!("token {token} of database {sender} took effect twice"),
            );
            continue;
        }
        let Some(row) = sent.get(&(sender, token)) else {
            let text = format!("token {token} took effect, and database {sender} knows nothing of it");
            findings.add(Kind::Doubled, here, text);
            continue;
        };
        if row.message_id > 0 {
            streams.entry(sender).or_default().push((number, row.message_id));
        }
        if !row.refusal.is_empty() {
            let text = format!(
                "token {token} took effect, and database {sender} has it back ({})",
                row.refusal
            );
            findings.add(Kind::Doubled, here, text);
        }
        let expected = (here, row.item_id, row.quantity);
        let found = (row.to, arrival.item_id, arrival.quantity);
        if expected != found {
            let text = format!("token {token} of database {sender}: sent {row:?}, taken {arrival:?}");
            findings.add(Kind::Ledger, here, text);
        }
    }
    for (sender, mut stream) in streams {
        stream.sort_unstable();
        for pair in stream.windows(2) {
            if let [(number, before), (_, after)] = pair {
                if before >= after {
                    let text = format!("arrival {number} of database {sender}: message {before} came before {after}");
                    findings.add(Kind::Disorder, here, text);
                }
            }
        }
    }
    let mut counted: BTreeMap<u8, u64> = BTreeMap::new();
    for arrival in &book.arrivals {
        *counted.entry(arrival.sender).or_default() += 1;
    }
    if counted != book.streams {
        let text = format!(
            "arrivals by sender are {counted:?}, and were counted as {:?}",
            book.streams
        );
        findings.add(Kind::Ledger, here, text);
    }
}

/// Everything that was sent has one answer, and that is true.
fn answers(book: &Book, books: &[Book], findings: &mut Findings) {
    let here = book.database;
    let taken: BTreeSet<(u8, u64)> = books
        .iter()
        .flat_map(|other| other.arrivals.iter().map(move |arrival| (other.database, arrival)))
        .filter(|(_, arrival)| arrival.sender == here)
        .map(|(database, arrival)| (database, arrival.token))
        .collect();
    let waiting: u64 = book.outbox.values().sum();
    for Sent {
        token,
        to,
        answers,
        refusal,
        ..
    } in &book.sent
    {
        if *answers > 1 {
            findings.add(
                Kind::Answer,
                here,
                format!("token {token} was answered {answers} times"),
            );
        }
        if *answers == 0 && waiting == 0 {
            findings.add(
                Kind::Lost,
                here,
                format!("token {token} to database {to} is gone, without an answer"),
            );
        }
        if *answers > 0 && refusal.is_empty() && !taken.contains(&(*to, *token)) {
            let text = format!("token {token} is done, and database {to} knows nothing of it");
            findings.add(Kind::Lost, here, text);
        }
        if !refusal.is_empty() && !is_refusal_of(refusal, *token) {
            findings.add(
                Kind::Answer,
                here,
                format!("token {token} was refused with '{refusal}'"),
            );
        }
    }
}

/// What the handler of this message says, or the host when it trapped.
fn is_refusal_of(refusal: &str, token: u64) -> bool {
    let own = |key: &str| refusal.strip_prefix(key).is_some_and(|rest| rest == token.to_string());
    own("test.refused|") || own("test.fickle|") || refusal.starts_with("inter_module.unhandled|")
}

fn ledger(book: &Book, findings: &mut Findings) {
    for item in ITEMS {
        let own = book.sent.iter().filter(|sent| sent.owner == 0);
        let gone = own.filter(|sent| sent.item_id == item && sent.refusal.is_empty());
        let gone: u64 = gone.map(|sent| sent.quantity).sum();
        let came = book.arrivals.iter().filter(|arrival| arrival.item_id == item);
        let came: u64 = came.map(|arrival| arrival.quantity).sum();
        let held = book.ledger.get(&item).copied().unwrap_or(0);
        if MINTED + came != held + gone {
            let text = format!("item {item}: {MINTED} minted, {came} taken, {gone} sent, and {held} are there");
            findings.add(Kind::Ledger, book.database, text);
        }
    }
}

/// Every owner is in one place, and has what they began with but for what was taken of it.
fn owners(books: &[Book], findings: &mut Findings) {
    if books.iter().any(|book| !book.outbox.is_empty() || book.escrow > 0) {
        return;
    }
    let accounts = books.iter().find(|book| book.database == 0).map(|book| &book.accounts);
    for (owner, _) in plan::owners() {
        let places: Vec<&Book> = books.iter().filter(|book| book.owners.contains_key(&owner)).collect();
        let [place] = places.as_slice() else {
            let places: Vec<u8> = places.iter().map(|book| book.database).collect();
            findings.add(
                Kind::Astray,
                0,
                format!("owner {owner:#x} is in the regions {places:?}"),
            );
            continue;
        };
        let reported = accounts.and_then(|accounts| accounts.get(&owner)).copied();
        if reported != Some(place.database) {
            let text = format!("owner {owner:#x} is here, and database 0 says {reported:?}");
            findings.add(Kind::Astray, place.database, text);
        }
        for item in ITEMS {
            let taken = books.iter().flat_map(|book| &book.sent);
            let taken = taken.filter(|sent| sent.owner == owner && sent.item_id == item && sent.refusal.is_empty());
            let taken: u64 = taken.map(|sent| sent.quantity).sum();
            let has = place.owners.get(&owner).and_then(|items| items.get(&item)).copied();
            if has != Some(OWNED.saturating_sub(taken)) {
                let text = format!("owner {owner:#x}, item {item}: {OWNED} at first, {taken} taken, has {has:?}");
                findings.add(Kind::Ledger, place.database, text);
            }
        }
    }
}

/// Nothing is under way, so all together hold what was minted.
fn total(books: &[Book], findings: &mut Findings) {
    if books.iter().any(|book| !book.outbox.is_empty() || book.escrow > 0) {
        return;
    }
    for item in ITEMS {
        let held: u64 = books.iter().filter_map(|book| book.ledger.get(&item)).sum();
        let owned = books.iter().flat_map(|book| book.owners.values());
        let owned: u64 = owned.filter_map(|items| items.get(&item)).sum();
        let minted = MINTED * books.len() as u64 + OWNED * plan::owners().count() as u64;
        if held + owned != minted {
            let text = format!("item {item}: {minted} minted in the world, {held} and {owned} of owners are there");
            findings.add(Kind::Ledger, 0, text);
        }
    }
}

/// Durable text was taken once, or is a dead letter.
fn texts(books: &[Book], findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for book in books {
        for token in book.texts.iter().filter(|token| is_durable_text(**token)) {
            if !seen.insert(token) {
                let text = format!("durable text {token} took effect twice");
                findings.add(Kind::Doubled, book.database, text);
            }
        }
    }
    for book in books {
        for token in &book.dead_texts {
            if !seen.insert(token) {
                let text = format!("the dead letter with text {token} took effect, or is there twice");
                findings.add(Kind::Doubled, book.database, text);
            }
        }
    }
}

fn replicas(books: &[Book], findings: &mut Findings) {
    let nothing = BTreeSet::new();
    let rows = |book: &Book, table: &str| book.shared.get(table).unwrap_or(&nothing).clone();
    let Some(global) = books.iter().find(|book| book.database == 0) else {
        return;
    };
    for book in books.iter().filter(|book| book.database != 0) {
        for table in EVERYWHERE {
            let (here, there) = (rows(book, table), rows(global, table));
            if here != there {
                let text = format!(
                    "{table}: only here {:?}, only in database 0 {:?}",
                    here.difference(&there).collect::<Vec<_>>(),
                    there.difference(&here).collect::<Vec<_>>()
                );
                findings.add(Kind::Replica, book.database, text);
            }
        }
    }
    let owned: BTreeSet<String> = books
        .iter()
        .filter(|book| book.database != 0)
        .flat_map(|book| rows(book, TO_GLOBAL))
        .collect();
    let replica = rows(global, TO_GLOBAL);
    if owned != replica {
        let text = format!("{TO_GLOBAL}: the regions have {owned:?}, database 0 {replica:?}");
        findings.add(Kind::Replica, 0, text);
    }
}
