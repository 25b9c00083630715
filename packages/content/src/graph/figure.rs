//! Cards with text and what connects them, from a layout to shapes: no label lies on another.

use std::collections::BTreeMap;

use super::layout::{lay_out, Area, Layout};
use super::text;

/// Round everything.
const MARGIN: i32 = 24;
/// Above and below the text of a card.
const PADDING: i32 = 9;
/// Between the colour of a card and its text.
const INDENT: i32 = 13;
/// The title's font size.
const TITLE_SIZE: i32 = 20;
/// The legend's font size.
const LEGEND_SIZE: i32 = 12;
/// Between two edges that end at the same card.
const PORT_GAP: i32 = 15;
/// The font size of quantities.
const QUANTITY_SIZE: i32 = 11;
/// A figure is at least so wide, so that its title and legend have room.
const LEAST_WIDTH: i32 = 700;

/// What a card stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A thing.
    Thing,
    /// The thing that it is all about.
    Product,
    /// Work: a station and tools.
    Step,
    /// Where something comes from.
    Source,
    /// Many things.
    Family,
}

impl Shape {
    /// Its name in style sheets.
    pub fn class(self) -> &'static str {
        match self {
            Self::Thing => "thing",
            Self::Product => "product",
            Self::Step => "step",
            Self::Source => "source",
            Self::Family => "family",
        }
    }

    /// Cards of a shape are as wide as each other.
    pub fn width(self) -> i32 {
        match self {
            Self::Thing | Self::Product => 156,
            Self::Step | Self::Source => 132,
            Self::Family => 212,
        }
    }
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// What a card is called.
    Name,
    /// What is said of it.
    Note,
    /// One of many, with the colour of its tier.
    Entry(i32),
    /// The heading of it all.
    Title,
    /// How many.
    Quantity,
    /// What signs mean.
    Legend,
}

impl Style {
    /// Pixels.
    pub fn size(self) -> i32 {
        match self {
            Self::Name => 13,
            Self::Note | Self::Entry(_) => 11,
            Self::Title => TITLE_SIZE,
            Self::Quantity => QUANTITY_SIZE,
            Self::Legend => LEGEND_SIZE,
        }
    }

    fn line(self) -> i32 {
        self.size().saturating_add(4)
    }

    fn indent(self) -> i32 {
        if matches!(self, Self::Entry(_)) {
            13
        } else {
            0
        }
    }
}

/// A card before it has a place.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it stands for.
    pub shape: Shape,
    /// Tier, if it has one.
    pub tier: Option<i32>,
    /// Its texts, from above.
    pub lines: Vec<(Style, String)>,
    /// The nodes that lead to it, and how many of each are needed; 0 goes without saying.
    pub inputs: Vec<(usize, u32)>,
    /// Where a click leads.
    pub href: Option<String>,
    /// Whether its edges have a colour of their own, for telling many apart.
    pub is_vivid: bool,
}

/// A card.
#[derive(Debug)]
pub struct Card {
    /// Where.
    pub area: Area,
    /// What it stands for.
    pub shape: Shape,
    /// Tier, if it has one.
    pub tier: Option<i32>,
    /// Where a click leads.
    pub href: Option<String>,
    /// Its texts.
    pub labels: Vec<Label>,
}

/// A line of text.
#[derive(Debug)]
pub struct Label {
    /// What it takes at most.
    pub area: Area,
    /// How it looks.
    pub style: Style,
    /// What it says.
    pub text: String,
}

/// A piece of an edge: level, then a curve, from left to right.
#[derive(Debug)]
pub struct Wire {
    /// Where it begins.
    pub start: (i32, i32),
    /// Where it ends.
    pub end: (i32, i32),
    /// The tier of what it comes from.
    pub tier: Option<i32>,
    /// A colour of its own: degrees of hue.
    pub hue: Option<usize>,
    /// Whether it ends at a card.
    pub is_last: bool,
}

/// Everything, with places.
#[derive(Debug)]
pub struct Figure {
    /// The heading.
    pub title: String,
    /// Cards.
    pub cards: Vec<Card>,
    /// Edges.
    pub wires: Vec<Wire>,
    /// Texts that belong to no card.
    pub labels: Vec<Label>,
    /// Spots of colour in the legend: tier, and where.
    pub spots: Vec<(i32, Area)>,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}

impl Node {
    /// A card with a name.
    pub fn new(shape: Shape, tier: Option<i32>, name: &str) -> Self {
        let mut node = Self {
            shape,
            tier,
            lines: Vec::new(),
            inputs: Vec::new(),
            href: None,
            is_vivid: false,
        };
        node.say(Style::Name, name);
        node
    }

    /// Adds a text, broken into lines.
    pub fn say(&mut self, style: Style, words: &str) {
        let room = self
            .shape
            .width()
            .saturating_sub(INDENT.saturating_add(8).saturating_add(style.indent()));
        // Bold letters are wider.
        let room = if style == Style::Name {
            room.saturating_mul(92) / 100
        } else {
            room
        };
        for (index, line) in text::wrap(words, style.size(), room).into_iter().enumerate() {
            let style = if index > 0 && matches!(style, Style::Entry(_)) {
                Style::Entry(0)
            } else {
                style
            };
            self.lines.push((style, line));
        }
    }

    fn size(&self) -> (i32, i32) {
        let lines: i32 = self.lines.iter().map(|(style, _)| style.line()).sum();
        let ports = i32::try_from(self.inputs.iter().filter(|(_, quantity)| *quantity > 0).count()).unwrap_or(0);
        let least = match ports {
            0 => 0,
            ports => ports.saturating_add(1).saturating_mul(PORT_GAP),
        };
        let height = lines.saturating_add(PADDING.saturating_mul(2)).max(least);
        (self.shape.width(), height)
    }
}

impl Figure {
    /// Gives nodes their places. The legend: tiers with their names, and texts.
    pub fn new(title: String, nodes: &[Node], tiers: &[(i32, String)], notes: &[String]) -> Self {
        let sizes: Vec<(i32, i32)> = nodes.iter().map(Node::size).collect();
        let from_nodes =
            |(to, node): (usize, &Node)| node.inputs.iter().map(move |(from, _)| (*from, to)).collect::<Vec<_>>();
        let edges: Vec<(usize, usize)> = nodes.iter().enumerate().flat_map(from_nodes).collect();
        let mut layout = lay_out(&sizes, &edges);
        let mut figure = Self {
            title: String::new(),
            cards: Vec::new(),
            wires: Vec::new(),
            labels: Vec::new(),
            spots: Vec::new(),
            width: layout.width.max(LEAST_WIDTH).saturating_add(MARGIN * 2),
            height: 0,
        };
        let top = figure.heading(&title);
        figure.title = title;
        let left = MARGIN.saturating_add(LEAST_WIDTH.saturating_sub(layout.width).max(0) / 2);
        for area in &mut layout.areas {
            area.x = area.x.saturating_add(left);
            area.y = area.y.saturating_add(top);
        }
        figure.cards = nodes
            .iter()
            .zip(&layout.areas)
            .map(|(node, area)| card(node, *area))
            .collect();
        figure.wire(nodes, &layout);
        figure.legend(top.saturating_add(layout.height), tiers, notes);
        figure
    }

    /// All labels, those of cards included.
    pub fn all_labels(&self) -> impl Iterator<Item = &Label> {
        self.cards.iter().flat_map(|card| &card.labels).chain(&self.labels)
    }

    /// Returns where what follows begins.
    fn heading(&mut self, title: &str) -> i32 {
        let mut y = MARGIN;
        for line in text::wrap(title, TITLE_SIZE, self.width.saturating_sub(MARGIN * 2)) {
            self.labels.push(label(Style::Title, line, MARGIN, y));
            y = y.saturating_add(Style::Title.line());
        }
        y.saturating_add(MARGIN)
    }

    fn wire(&mut self, nodes: &[Node], layout: &Layout) {
        let ports = ports(nodes, layout);
        let area = |at: usize| layout.areas.get(at).copied();
        for link in &layout.links {
            let (Some(from), Some(to)) = (area(link.from), area(link.to)) else {
                continue;
            };
            let origin = layout.origins.get(link.from).copied().unwrap_or(link.from);
            let tier = nodes.get(origin).and_then(|node| node.tier);
            let is_vivid = nodes.get(origin).is_some_and(|node| node.is_vivid);
            // The golden angle keeps neighbours apart.
            let hue = is_vivid.then(|| origin.saturating_mul(137) % 360);
            let port = ports.get(&(origin, link.to)).copied().unwrap_or_else(|| to.middle());
            let is_last = link.to < nodes.len();
            self.wires.push(Wire {
                start: (from.right(), from.middle()),
                end: (to.x, port),
                tier,
                hue,
                is_last,
            });
            if !is_last {
                self.wires.push(Wire {
                    start: (to.x, to.middle()),
                    end: (to.right(), to.middle()),
                    tier,
                    hue,
                    is_last: false,
                });
            }
            let inputs = nodes.get(link.to).into_iter().flat_map(|node| &node.inputs);
            let quantity = inputs
                .filter(|(from, _)| *from == origin)
                .map(|(_, quantity)| *quantity)
                .next();
            if let Some(quantity) = quantity.filter(|quantity| *quantity > 0) {
                let text = format!("{quantity}×");
                let x = to.x.saturating_sub(9).saturating_sub(text::width(&text, QUANTITY_SIZE));
                let y = port.saturating_sub(QUANTITY_SIZE).saturating_sub(3);
                let mut label = label(Style::Quantity, text, x, y);
                label.area.height = QUANTITY_SIZE;
                self.labels.push(label);
            }
        }
    }

    fn legend(&mut self, top: i32, tiers: &[(i32, String)], notes: &[String]) {
        const SPOT: i32 = 12;
        let (mut x, mut y) = (MARGIN, top.saturating_add(MARGIN));
        let tiers = tiers.iter().map(|(tier, name)| (Some(*tier), name));
        for (tier, words) in tiers.chain(notes.iter().map(|note| (None, note))) {
            let room = self.width.saturating_sub(MARGIN * 2);
            for line in text::wrap(words, LEGEND_SIZE, room) {
                let spot = if tier.is_some() { SPOT.saturating_add(6) } else { 0 };
                let width = text::width(&line, LEGEND_SIZE).saturating_add(spot);
                let is_full = x.saturating_add(width) > self.width.saturating_sub(MARGIN);
                if x > MARGIN && (is_full || tier.is_none()) {
                    x = MARGIN;
                    y = y.saturating_add(Style::Legend.line().saturating_add(4));
                }
                if let Some(tier) = tier {
                    let area = Area {
                        x,
                        y: y.saturating_add(1),
                        width: SPOT,
                        height: SPOT,
                    };
                    self.spots.push((tier, area));
                }
                self.labels.push(label(Style::Legend, line, x.saturating_add(spot), y));
                x = x.saturating_add(width).saturating_add(22);
            }
        }
        self.height = y.saturating_add(Style::Legend.line()).saturating_add(MARGIN);
    }
}

/// Where edges end at cards that several lead to: side by side, in the order in which they come.
fn ports(nodes: &[Node], layout: &Layout) -> BTreeMap<(usize, usize), i32> {
    let mut ports = BTreeMap::new();
    for (at, (node, area)) in nodes.iter().zip(&layout.areas).enumerate() {
        let mut arriving: Vec<(i32, usize)> = Vec::new();
        for link in layout.links.iter().filter(|link| link.to == at) {
            let y = layout.areas.get(link.from).map_or(0, Area::middle);
            let origin = layout.origins.get(link.from).copied().unwrap_or(link.from);
            arriving.push((y, origin));
        }
        arriving.sort_unstable();
        if node.shape != Shape::Step {
            continue;
        }
        let count = i32::try_from(arriving.len()).unwrap_or(i32::MAX).saturating_add(1);
        for (index, (_, origin)) in (1_i32..).zip(arriving) {
            let y = area.y.saturating_add(area.height.saturating_mul(index) / count);
            ports.insert((origin, at), y);
        }
    }
    ports
}

fn card(node: &Node, area: Area) -> Card {
    let text_height: i32 = node.lines.iter().map(|(style, _)| style.line()).sum();
    let mut y = area.y.saturating_add(area.height.saturating_sub(text_height) / 2);
    let mut labels = Vec::new();
    for (style, text) in &node.lines {
        let x = area.x.saturating_add(INDENT).saturating_add(style.indent());
        labels.push(label(*style, text.clone(), x, y));
        y = y.saturating_add(style.line());
    }
    Card {
        area,
        shape: node.shape,
        tier: node.tier,
        href: node.href.clone(),
        labels,
    }
}

fn label(style: Style, text: String, x: i32, y: i32) -> Label {
    let width = text::width(&text, style.size());
    // Bold letters are wider.
    let width = if matches!(style, Style::Name | Style::Title) {
        width.saturating_mul(108) / 100
    } else {
        width
    };
    let height = style.line();
    Label {
        area: Area { x, y, width, height },
        style,
        text,
    }
}
