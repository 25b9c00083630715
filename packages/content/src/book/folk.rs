//! Pages of those one meets, and of what is done in fights.

use hexmarch_messages::npc::TravelerTradeOrderDesc;
use maud::{html, Markup};

use super::kind::Kind;
use super::scribe::{facts, Scribe};
use super::shell::Page;
use crate::atlas::stacks;

impl Scribe<'_> {
    /// The page of an enemy.
    pub fn enemy(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.enemies.get(&id);
        let number = |value: i32| html! { (self.number(f64::from(value))) };
        let speed = |value: i32| self.number(f64::from(value) / 1_000.0);
        let facts = facts(vec![
            (self.word("health"), row.map(|row| number(row.max_health))),
            (
                self.word("damage"),
                row.filter(|row| row.max_damage > 0)
                    .map(|row| html! { (row.min_damage) "–" (row.max_damage) }),
            ),
            (self.word("armor"), row.map(|row| number(row.armor))),
            (self.word("accuracy"), row.map(|row| number(row.accuracy))),
            (self.word("evasion"), row.map(|row| number(row.evasion))),
            (self.word("speed"), row.map(|row| html! { (self.fill("tiles-a-second", &[&speed(row.min_speed), &speed(row.max_speed)])) })),
            (self.word("notices"), row.map(|row| html! {
                (self.fill("tiles-day-night", &[&row.daytime_detect_range.to_string(), &row.nighttime_detect_range.to_string()]))
            })),
            (self.word("is-game"), row.filter(|row| row.huntable).map(|_| html! { (self.word("yes")) })),
            (self.word("teaches-that"), row.map(|row| html! {
                (self.experience(&row.experience_per_damage_dealt, row.max_health))
            })),
        ]);
        let carcass = atlas.carcass_of(id);
        let won = atlas.won_from(id);
        let actions = row.map_or(&[][..], |row| row.combat_actions_ids.as_slice());
        let found = atlas.enemy_whereabouts(id);
        let guards = atlas.resources.values().filter(|row| {
            let mut herds = row.enemy_params_id.iter().filter_map(|herd| atlas.herds.get(herd));
            herds.any(|herd| herd.enemy_type == id)
        });
        let guards: Vec<i32> = guards.map(|row| row.id).collect();
        let proud = atlas.achievements.values().filter(|row| row.enemy_disc.contains(&id));
        let proud: Vec<i32> = proud.map(|row| row.id).collect();
        let parts = vec![
            self.section("carcass", "carcass", !carcass.is_empty(), || {
                self.yield_table(carcass.into_iter())
            }),
            self.section("won", "won", !won.is_empty(), || self.yield_table(won.into_iter())),
            self.section("where", "where-found", !found.is_empty(), || {
                html! {
                    (self.whereabouts(&found)) (self.hours(id))
                }
            }),
            self.section("actions", "what-it-does", !actions.is_empty(), || {
                html! {
                    dl class="moves" {
                        @for action in actions {
                            dt { (self.link(Kind::Action, *action)) }
                            dd { (Kind::Action.description(atlas, self.language, *action)) }
                        }
                    }
                }
            }),
            self.section("guards", "guards", !guards.is_empty(), || {
                self.links(Kind::Resource, guards)
            }),
            self.section("achievements", "counts-for", !proud.is_empty(), || {
                self.links(Kind::Achievement, proud)
            }),
        ];
        self.about(Kind::Enemy, id, None, facts, parts)
    }

    /// When an enemy is about, where.
    fn hours(&self, enemy: i32) -> Markup {
        let herds: Vec<_> = self
            .atlas
            .herds
            .values()
            .filter(|herd| herd.enemy_type == enemy)
            .collect();
        html! {
            @if !herds.is_empty() {
                table {
                    thead { tr { th { (self.word("country")) } th { (self.word("herd")) } th { (self.word("hours")) } } }
                    tbody {
                        @for herd in herds {
                            tr {
                                td { (self.link(Kind::Biome, herd.biome)) }
                                td { (herd.avg_herd_size) }
                                td {
                                    (self.number(f64::from(herd.time_of_day_start))) "–"
                                    (self.number(f64::from(herd.time_of_day_end)))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The page of somebody.
    pub fn person(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.npcs.get(&id);
        let greeting = row.map(|row| self.language.text("npc_desc", id, "greeting", &row.greeting));
        let facts = facts(vec![
            (self.word("says"), greeting.map(|greeting| html! { q { (greeting) } })),
            (
                self.word("stays"),
                row.filter(|row| row.max_time_at_ruin > 0).map(|row| html! {
                    (self.seconds(f64::from(row.min_time_at_ruin))) " – " (self.seconds(f64::from(row.max_time_at_ruin)))
                }),
            ),
        ]);
        let orders: Vec<_> = atlas.trades.values().filter(|order| order.traveler == id).collect();
        let found = atlas.npc_whereabouts(id);
        let parts = vec![
            self.section("trades", "trades", !orders.is_empty(), || self.orders(&orders)),
            self.section("where", "where-found", !found.is_empty(), || self.whereabouts(&found)),
        ];
        self.about(Kind::Person, id, None, facts, parts)
    }

    fn orders(&self, orders: &[&TravelerTradeOrderDesc]) -> Markup {
        html! {
            table {
                thead { tr {
                    th { (self.word("you-get")) } th { (self.word("you-give")) }
                    th { (self.word("stock")) } th { (self.word("asks-for")) }
                } }
                tbody {
                    @for order in orders {
                        tr id=(format!("trade-{}", order.id)) {
                            td { (self.stacks(&stacks(&order.offer_items, &order.offer_cargo))) }
                            td { (self.stacks(&stacks(&order.required_items, &order.required_cargo))) }
                            td {
                                (order.starting_stock) " " span class="faint" {
                                    (self.fill("again-after", &[&self.seconds(f64::from(order.restock_seconds))]))
                                    @if !order.always_offered { " · " (self.word("now-and-then")) }
                                }
                            }
                            td {
                                @for level in &order.level_requirements { div { (self.level(level)) } }
                                @for id in &order.achievement_requirements { div { (self.link(Kind::Achievement, *id)) } }
                                @for id in &order.required_knowledges { div { (self.link(Kind::Knowledge, *id)) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The page of something that is done in a fight.
    pub fn action(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.actions.get(&id);
        let factor = |value: f32| html! { (self.percent(f64::from(value))) };
        let weapons = row.map_or(&[][..], |row| row.weapon_type_requirements.as_slice());
        let weapons: Vec<String> = weapons.iter().map(|id| self.language.weapon_type(atlas, *id)).collect();
        let facts = facts(vec![
            (
                self.word("done-by"),
                row.map(|row| {
                    html! {
                        (self.word(if row.learned_by_player { "by-players" } else { "by-enemies" }))
                    }
                }),
            ),
            (
                self.word("asks-for"),
                row.and_then(|row| row.level_requirement.as_ref())
                    .map(|level| self.level(level)),
            ),
            (
                self.word("with"),
                (!weapons.is_empty()).then(|| html! { (weapons.join(", ")) }),
            ),
            (
                self.word("reach"),
                row.map(|row| html! { (self.number(f64::from(row.range))) }),
            ),
            (
                self.word("lead-in"),
                row.map(|row| html! { (self.seconds(f64::from(row.lead_in_time))) }),
            ),
            (
                self.word("again-in"),
                row.map(|row| html! { (self.seconds(f64::from(row.cooldown))) }),
            ),
            (self.word("strength"), row.map(|row| factor(row.strength_multiplier))),
            (self.word("accuracy"), row.map(|row| factor(row.accuracy_multiplier))),
            (
                self.word("stamina"),
                row.filter(|row| row.stamina_use > 0.0)
                    .map(|row| html! { (self.number(f64::from(row.stamina_use))) }),
            ),
            (
                self.word("to-oneself"),
                row.filter(|row| !row.self_buffs.is_empty())
                    .map(|row| self.buffs(&row.self_buffs)),
            ),
            (
                self.word("to-target"),
                row.filter(|row| !row.target_buffs.is_empty())
                    .map(|row| self.buffs(&row.target_buffs)),
            ),
        ]);
        let enemies = atlas
            .enemies
            .values()
            .filter(|row| row.combat_actions_ids.contains(&id));
        let enemies: Vec<i32> = enemies.map(|row| row.enemy_type).collect();
        let parts = vec![self.section("enemies", "kind-enemies", !enemies.is_empty(), || {
            self.links(Kind::Enemy, enemies)
        })];
        self.about(Kind::Action, id, None, facts, parts)
    }
}
