//! What people give, and what one is proud of.

use hexmarch_messages::achievement::AchievementDesc;
use hexmarch_messages::npc::TravelerTradeOrderDesc;

use super::super::{Thing, Way, Work};
use super::{cargo, items, knowledge, levels, Builder};

impl Builder<'_> {
    pub(super) fn people(&mut self) {
        let game = self.game;
        for (row, trade) in game.trades.iter() {
            let mut needs = vec![(Thing::Npc(trade.traveler), 0.0)];
            needs.extend(items(&trade.required_items));
            needs.extend(cargo(&trade.required_cargo));
            needs.extend(knowledge(&trade.required_knowledges));
            needs.extend(
                trade
                    .achievement_requirements
                    .iter()
                    .map(|id| (Thing::Achievement(*id), 0.0)),
            );
            let mut gives = items(&trade.offer_items);
            gives.extend(cargo(&trade.offer_cargo));
            let work = Work {
                levels: levels(&trade.level_requirements),
                ..Work::default()
            };
            self.add::<TravelerTradeOrderDesc>(Way::Buy, row, needs, gives, work);
        }
        for (row, achievement) in game.achievements.iter() {
            let mut needs = Vec::new();
            let mut all = |ids: &[i32], thing: fn(i32) -> Thing| needs.extend(ids.iter().map(|id| (thing(*id), 0.0)));
            all(&achievement.requisites, Thing::Achievement);
            all(&achievement.item_disc, Thing::Item);
            all(&achievement.cargo_disc, Thing::Cargo);
            all(&achievement.resource_disc, Thing::Gathered);
            all(&achievement.crafting_disc, Thing::Made);
            all(&achievement.enemy_disc, Thing::Beaten);
            all(&achievement.knowledge_disc, Thing::Knowledge);
            let work = Work {
                levels: achievement
                    .level_requirement
                    .iter()
                    .map(|level| (level.skill_id, level.level))
                    .collect(),
                ..Work::default()
            };
            let gives = vec![(Thing::Achievement(achievement.id), 0.0)];
            self.add::<AchievementDesc>(Way::Earn, row, needs, gives, work);
        }
    }
}
