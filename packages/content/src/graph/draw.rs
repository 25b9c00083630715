//! A figure as SVG: by itself, or within a page whose style sheet knows its classes.

use maud::{html, Markup, PreEscaped};

use super::figure::{Card, Figure, Label, Shape, Style, Wire};

/// What a figure looks like.
const STYLE: &str = include_str!("graph.css");
/// Its colours outside a page, which has its own of the same names.
const COLOURS: &str = include_str!("colours.css");
/// How long the curve of a wire is at most.
const MAX_BEND: i32 = 50;

/// The figure as a file of its own.
pub fn file(figure: &Figure) -> String {
    let style = html! {
        style { (PreEscaped(COLOURS)) (PreEscaped(STYLE)) }
        rect class="g-ground" width=(figure.width) height=(figure.height) {}
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
        draw(figure, &style).into_string()
    )
}

/// The figure for a page.
pub fn inline(figure: &Figure) -> Markup {
    draw(figure, &html! {})
}

fn draw(figure: &Figure, before: &Markup) -> Markup {
    html! {
        svg xmlns="http://www.w3.org/2000/svg" class="graph" role="img"
            width=(figure.width) height=(figure.height)
            viewBox=(format!("0 0 {} {}", figure.width, figure.height)) {
            title { (figure.title) }
            (before)
            @for wire in &figure.wires { (draw_wire(wire)) }
            @for card in &figure.cards {
                @match &card.href {
                    Some(href) => a href=(href) { (draw_card(card)) },
                    None => (draw_card(card)),
                }
            }
            @for (tier, area) in &figure.spots {
                rect class=(format!("g-spot t{tier}")) x=(area.x) y=(area.y)
                    width=(area.width) height=(area.height) rx="3" {}
            }
            @for label in &figure.labels { (draw_label(label)) }
        }
    }
}

fn draw_wire(wire: &Wire) -> Markup {
    let ((x, y), (to_x, to_y)) = (wire.start, wire.end);
    let bend = to_x.saturating_sub(x).min(MAX_BEND) / 2;
    let path = if y == to_y {
        format!("M{x} {y}H{to_x}")
    } else {
        let (near, far) = (x.saturating_add(bend), to_x.saturating_sub(bend));
        format!("M{x} {y}C{near} {y} {far} {to_y} {to_x} {to_y}")
    };
    let tier = tier_class(wire.tier);
    let hue = wire.hue.map(|hue| format!("--tier:hsl({hue} 45% 48%)"));
    html! {
        path class=(format!("g-wire{tier}")) style=[&hue] d=(path) {}
        @if wire.is_last {
            path class=(format!("g-tip{tier}")) style=[&hue] d=(format!("M{} {}l6 4l-6 4z", to_x.saturating_sub(6), to_y.saturating_sub(4))) {}
        }
    }
}

fn draw_card(card: &Card) -> Markup {
    let area = card.area;
    let class = format!("g-card g-{}{}", card.shape.class(), tier_class(card.tier));
    html! {
        g class=(class) {
            rect class="g-face" x=(area.x) y=(area.y) width=(area.width) height=(area.height)
                rx=(if matches!(card.shape, Shape::Step | Shape::Source) { 12 } else { 6 }) {}
            @if matches!(card.shape, Shape::Thing | Shape::Product) {
                rect class="g-edge" x=(area.x) y=(area.y) width="5" height=(area.height) rx="2" {}
            }
            @for label in &card.labels { (draw_label(label)) }
        }
    }
}

fn draw_label(label: &Label) -> Markup {
    let class = match label.style {
        Style::Name => "g-name",
        Style::Note => "g-note",
        Style::Entry(_) => "g-entry",
        Style::Title => "g-title",
        Style::Quantity => "g-quantity",
        Style::Legend => "g-legend",
    };
    let baseline = label.area.y.saturating_add(label.style.size());
    html! {
        @if let Style::Entry(tier @ 1..) = label.style {
            circle class=(format!("g-spot t{tier}")) cx=(label.area.x.saturating_sub(9)) cy=(baseline.saturating_sub(4)) r="4" {}
        }
        text class=(class) x=(label.area.x) y=(baseline) { (label.text) }
    }
}

fn tier_class(tier: Option<i32>) -> String {
    tier.map(|tier| format!(" t{tier}")).unwrap_or_default()
}
