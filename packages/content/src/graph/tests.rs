use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

use super::*;

static WORLD: LazyLock<(Atlas, Plan, Vec<Language>)> = LazyLock::new(|| {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../static_data");
    let (content, _) = crate::check(&directory).unwrap();
    let atlas = Atlas::new(&content);
    let plan = Plan::new(&atlas);
    let texts = directory.join("i18n");
    let languages = Language::codes(&texts)
        .iter()
        .map(|code| Language::read(&texts, code).unwrap())
        .collect();
    (atlas, plan, languages)
});

fn sources() -> impl Iterator<Item = Source<'static>> {
    let (atlas, plan, languages) = &*WORLD;
    languages.iter().map(move |language| Source { atlas, plan, language })
}

#[track_caller]
fn check_labels(figure: &Figure) {
    let labels: Vec<&figure::Label> = figure.all_labels().collect();
    for (index, label) in labels.iter().enumerate() {
        for other in labels.iter().skip(index + 1) {
            let (name, other_name) = (&label.text, &other.text);
            assert!(
                !label.area.overlaps(&other.area),
                "{}: '{name}' lies on '{other_name}'",
                figure.title
            );
        }
        let area = label.area;
        assert!(area.x >= 0 && area.y >= 0, "{}: '{}'", figure.title, label.text);
        assert!(
            area.right() <= figure.width && area.bottom() <= figure.height,
            "{}: '{}'",
            figure.title,
            label.text
        );
    }
    for card in &figure.cards {
        for label in &card.labels {
            let fits = label.area.x >= card.area.x
                && label.area.right() <= card.area.right()
                && label.area.y >= card.area.y
                && label.area.bottom() <= card.area.bottom();
            assert!(fits, "{}: '{}' does not fit its card", figure.title, label.text);
        }
    }
}

/// Everything that making a thing takes, as the plan has it.
fn ingredients(source: Source<'_>, recipe: i32, into: &mut BTreeSet<Thing>) {
    for (thing, _) in Atlas::inputs(&source.atlas.recipes[&recipe]) {
        if into.insert(thing) {
            if let Some(recipe) = source.plan.recipe(source.atlas, thing) {
                ingredients(source, recipe, into);
            }
        }
    }
}

#[test]
fn every_thing_has_a_readable_graph_with_all_that_it_takes() {
    for source in sources() {
        for thing in source.atlas.things() {
            let figure = of_thing(source, thing, &|_| None);
            check_labels(&figure);
            let mut expected = BTreeSet::new();
            if let Some(recipe) = source.plan.recipe_of_choice(source.atlas, thing) {
                ingredients(source, recipe, &mut expected);
            }
            let names = figure.cards.iter().map(|card| {
                let lines = card.labels.iter().filter(|label| label.style == Style::Name);
                lines.map(|label| label.text.as_str()).collect::<String>()
            });
            let names: BTreeSet<String> = names.map(|name| name.split_whitespace().collect()).collect();
            for ingredient in expected.into_iter().chain([thing]) {
                let name: String = source
                    .language
                    .thing(source.atlas, ingredient)
                    .split_whitespace()
                    .collect();
                assert!(names.contains(&name), "{thing:?} does not name {name}");
            }
        }
    }
}

#[test]
fn the_overview_is_readable() {
    for source in sources() {
        let figure = overview(source);
        check_labels(&figure);
        assert!(figure.cards.len() > 20, "{} families", figure.cards.len());
        assert!(figure.wires.len() > figure.cards.len());
    }
}

#[test]
fn a_file_is_sound_svg_and_the_same_every_time() {
    let source = sources().next().unwrap();
    let thing = source.atlas.things().last().unwrap();
    let draw = || svg_file(&of_thing(source, thing, &|_| Some("a\"b".to_owned())));
    let text = draw();
    assert_eq!(text, draw());
    assert!(text.starts_with("<?xml") && text.trim_end().ends_with("</svg>"));
    // Every element is closed: XML forgives less than HTML.
    let opened = text.matches('<').count() - text.matches("</").count() - text.matches("<?").count();
    assert_eq!(opened, text.matches("</").count() + text.matches("/>").count());
    assert!(text.contains("href=\"a&quot;b\""));
}

#[test]
fn stations_and_tools_are_named() {
    let source = sources().find(|source| source.language.code() == "en").unwrap();
    for row in source.atlas.recipes.values() {
        let Some((thing, _)) = Atlas::outputs(row).into_iter().next() else {
            continue;
        };
        if source.plan.recipe_of_choice(source.atlas, thing) != Some(row.id) {
            continue;
        }
        let figure = of_thing(source, thing, &|_| None);
        let step = |card: &&figure::Card| card.shape == Shape::Step;
        let texts = figure.cards.iter().filter(step).flat_map(|card| &card.labels);
        let texts: String = texts.flat_map(|label| label.text.split_whitespace()).collect();
        let named = |name: String| texts.contains(&name.split_whitespace().collect::<String>());
        if let Some(station) = &row.building_requirement {
            assert!(
                named(
                    source
                        .language
                        .station(source.atlas, station.building_type, station.tier)
                ),
                "{}",
                row.name
            );
        }
        for tool in &row.tool_requirements {
            assert!(
                named(source.language.tool(source.atlas, tool.tool_type, tool.level)),
                "{}",
                row.name
            );
        }
    }
}
