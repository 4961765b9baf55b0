//! What the models come to on public data whose answers are known, and on made-up people drawn from known parameters.

mod data;
mod made_up;

use customer_value::{
    Digits, Feature, GroupsWanted, Horizon, PurchaseModel, SpendModel, Summary, TooLittle, Values,
    adjusted_rand, digits, group, silhouette, summarise, train,
};
use made_up::Draws;

fn within(found: f64, known: f64, share: f64) {
    assert!((found - known).abs() <= share * known.abs(), "{found} is not within {share} of {known}");
}

/// Parameters as published: BG/NBD in Fader, Hardie and Lee 2005, gamma-gamma in Fader and Hardie 2013.
#[test]
fn cdnow_gives_the_published_parameters() {
    let Some((customers, calibrated, _)) = data::cdnow() else { return };
    let all: Vec<Summary> = customers.iter().filter_map(|one| summarise(one, calibrated)).collect();
    assert_eq!((all.len(), all.iter().filter(|one| one.repeats > 0).count()), (2_357, 946));
    let model = PurchaseModel::fit(&all).expect("fitted");
    for (found, known) in [(model.r, 0.243), (model.alpha, 4.414), (model.a, 0.793), (model.b, 2.426)] {
        within(found, known, 0.01);
    }
    let spend = SpendModel::fit(&all).expect("fitted");
    for (found, known) in [(spend.p, 6.25), (spend.q, 3.74), (spend.v, 15.44)] {
        within(found, known, 0.01);
    }
}

/// The second 39 weeks, predicted from the first; figures of `lifetimes` 0.11.3 with its own fit.
#[test]
fn cdnow_predicts_what_others_predict() {
    let Some((customers, calibrated, until)) = data::cdnow() else { return };
    let all: Vec<Summary> = customers.iter().filter_map(|one| summarise(one, calibrated)).collect();
    let (purchase, spend) =
        (PurchaseModel::fit(&all).expect("fitted"), SpendModel::fit(&all).expect("fitted"));
    let weeks = f64::from(until - calibrated) / 7.0;
    let mut sums = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (bought, summary) in customers.iter().zip(&all) {
        let later = summarise(bought, until).expect("a customer").repeats - summary.repeats;
        let orders = purchase.expected(summary, weeks);
        sums.0 += orders;
        sums.1 += f64::from(later);
        sums.2 += (orders - f64::from(later)).abs() / all.len() as f64;
        sums.3 += orders * spend.expected(summary);
    }
    assert_eq!(sums.1, 1_882.0, "orders there were");
    within(sums.0, 1_653.409, 1e-3);
    within(sums.2, 0.785_454, 1e-3);
    within(sums.3, 59_931.627, 2e-3);
}

/// The formula as written in the paper, by SciPy's `hyp2f1` with the published parameters; the first is the paper's own.
#[test]
fn expectations_of_single_customers() {
    let model = PurchaseModel { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    let known = [
        ((2, 30.43, 38.86), 1.226_028_174_767_135, 0.726_578_570_080_673),
        ((0, 0.0, 30.0), 0.239_381_632_339_592_34, 1.0),
        ((26, 30.71, 31.0), 20.673_685_532_897_597, 0.965_364_907_188_871_1),
        ((5, 3.0, 38.0), 0.003_347_727_688_706_264, 0.000_864_861_469_038_601_9),
    ];
    for ((repeats, recency, age), orders, alive) in known {
        let customer = Summary { repeats, recency, age, mean_amount: 0.0 };
        within(model.expected(&customer, 39.0), orders, 1e-9);
        within(model.alive(&customer), alive, 1e-9);
    }
    let often = Summary { repeats: 3_000, recency: 500.0, age: 500.0, mean_amount: 1.0 };
    let expected = PurchaseModel { a: 1.0, ..model }.expected(&often, 52.0);
    assert!((250.0..320.0).contains(&expected), "six a week go on: {expected}");
    let soon = model.next_purchase(&often, 0.5);
    within(1.0 - ((model.alpha + 500.0) / (model.alpha + 500.0 + soon)).powf(model.r + 3_000.0), 0.5, 1e-6);
}

/// Counts of pandas 3 (`rank(method="min")`) on the same rows; sums as the data's own page states them.
#[test]
fn online_retail_is_shared_out_by_digits() {
    let Some(all) = data::online_retail() else { return };
    assert_eq!(all.len(), 4_338);
    assert_eq!(all.iter().map(|one| one.orders).sum::<i64>(), 18_532);
    assert_eq!(all.iter().map(|one| one.total_minor).sum::<i64>(), 8_911_407_904);
    let found = digits(&all);
    let count = |of: fn(&Digits) -> u8| {
        (1..=5).map(|digit| found.iter().filter(|one| of(one) == digit).count()).collect::<Vec<_>>()
    };
    assert_eq!(count(|one| one.recency), [869, 889, 866, 888, 826]);
    assert_eq!(count(|one| one.frequency), [1_493, 835, 508, 802, 700]);
    assert_eq!(count(|one| one.monetary), [868, 868, 867, 868, 867]);
    let cell = |digit| {
        let cell = Digits { recency: digit, frequency: digit, monetary: digit };
        found.iter().filter(|one| **one == cell).count()
    };
    assert_eq!((cell(5), cell(1)), (314, 334));
}

#[test]
fn made_up_customers_give_their_parameters_back() {
    let known = PurchaseModel { r: 0.6, alpha: 6.0, a: 0.8, b: 2.5 };
    let spend = SpendModel { p: 5.0, q: 4.0, v: 20.0 };
    let mut draws = Draws(11);
    let customers: Vec<Summary> = (0..30_000)
        .map(|_| {
            let weeks = 20.0 + 60.0 * draws.share();
            made_up::customer(&mut draws, known, spend, weeks)
        })
        .collect();
    let found = PurchaseModel::fit(&customers).expect("fitted");
    for (found, known) in
        [(found.r, known.r), (found.alpha, known.alpha), (found.a, known.a), (found.b, known.b)]
    {
        within(found, known, 0.12);
    }
    let found = SpendModel::fit(&customers).expect("fitted");
    for (found, known) in [(found.p, spend.p), (found.q, spend.q), (found.v, spend.v)] {
        within(found, known, 0.12);
    }
}

#[test]
fn a_trained_model_says_how_wrong_it_was() {
    let model = PurchaseModel { r: 0.8, alpha: 5.0, a: 0.6, b: 3.0 };
    let spend = SpendModel { p: 6.0, q: 4.0, v: 30.0 };
    let mut draws = Draws(3);
    let customers: Vec<_> = (0..1_500).map(|_| made_up::purchases(&mut draws, model, spend, 420)).collect();
    let trained = train(&customers, 420).expect("enough");
    let error = trained.error;
    assert_eq!(trained.customers, 1_500);
    assert!(
        (error.learned_weeks - 42.0).abs() < 1.0 && (error.predicted_weeks - 18.0).abs() < 1.0,
        "{error:?}"
    );
    within(error.orders_predicted, error.orders_actual, 0.15);
    within(error.value_predicted, error.value_actual, 0.2);
    assert!(error.orders_mae < error.orders_mae_as_before, "{error:?}");
    assert!(trained.correlation.abs() < 0.15);
    let horizon = Horizon { days: 90.0, discount: 0.1 };
    let summary = summarise(&customers[0], 420).expect("a customer");
    let forecast = trained.model.forecast(&summary, horizon);
    let plain = trained.model.forecast(&summary, Horizon { discount: 0.0, ..horizon });
    within(plain.value, plain.orders * plain.order_value, 1e-9);
    assert!(forecast.value < plain.value && forecast.value > 0.97 * plain.value);
}

#[test]
fn too_little_is_a_result_of_its_own() {
    let model = PurchaseModel { r: 0.8, alpha: 5.0, a: 0.6, b: 3.0 };
    let spend = SpendModel { p: 6.0, q: 4.0, v: 30.0 };
    let mut draws = Draws(5);
    let customers: Vec<_> = (0..199).map(|_| made_up::purchases(&mut draws, model, spend, 400)).collect();
    assert!(matches!(train(&customers, 400), Err(TooLittle::Customers { found }) if found < 200));
    assert!(matches!(train(&[], 400), Err(TooLittle::Weeks { .. })));
    let once: Vec<_> = customers.iter().cycle().take(600).map(|one| one[..1].to_vec()).collect();
    assert_eq!(train(&once, 400), Err(TooLittle::RepeatBuyers { found: 0 }));
}

/// Points and groupings as the constants below were computed on, by scikit-learn 1.9.1.
fn groupings() -> (Vec<f64>, [Vec<usize>; 3]) {
    let point = |i: usize| {
        let third = (i % 3) as f64;
        [(i * 37 % 101) as f64 / 10.0 + third * 8.0, (i * 53 % 97) as f64 / 10.0 - third * 5.0]
    };
    let label = |of: fn(usize) -> usize| (0..60).map(of).collect::<Vec<usize>>();
    ((0..60).flat_map(point).collect(), [label(|i| i % 3), label(|i| i * i % 3), label(|i| i / 15)])
}

#[test]
fn groupings_are_judged_as_scikit_learn_judges_them() {
    let (points, labels) = groupings();
    let known = [0.403_891_003_540_066_2, 0.474_279_190_962_855_8, -0.102_176_924_326_879_3];
    for (labels, known) in labels.iter().zip(known) {
        within(silhouette(&points, 2, labels), known, 1e-12);
    }
    within(adjusted_rand(&labels[0], &labels[1]), 0.562_962_962_962_963, 1e-12);
    within(adjusted_rand(&labels[0], &labels[2]), -0.042_402_826_855_123_68, 1e-12);
    within(adjusted_rand(&labels[1], &labels[2]), -0.021_877_848_678_213_31, 1e-12);
    assert_eq!(adjusted_rand(&labels[0], &labels[0]), 1.0);
}

/// Three kinds of people, or one kind only.
fn people(kinds: usize) -> (Vec<Feature>, Vec<usize>) {
    let mut draws = Draws(9);
    let of: Vec<usize> = (0..900).map(|person| person % 9 * kinds / 9).collect();
    let orders: Vec<Option<f64>> =
        of.iter().map(|kind| Some([2.0, 20.0, 20.0][*kind] + draws.normal().abs())).collect();
    let value: Vec<Option<f64>> = of
        .iter()
        .map(|kind| (draws.share() > 0.05).then(|| [50.0, 50.0, 300.0][*kind] + 9.0 * draws.normal()))
        .collect();
    let city: Vec<Option<String>> = of
        .iter()
        .map(|kind| Some(if draws.share() < [0.97, 0.03, 0.03][*kind] { "杭州" } else { "上海" }.to_owned()))
        .collect();
    let feature = |name: &str, values| Feature { name: name.to_owned(), values };
    let features = vec![
        feature("orders", Values::Numbers(orders)),
        feature("value", Values::Numbers(value)),
        feature("city", Values::Choices(city)),
    ];
    (features, of)
}

#[test]
fn kinds_of_people_are_found_again_and_described() {
    let (features, of) = people(3);
    let numbers = group(&features[..2], GroupsWanted::Best(2, 6)).expect("groups");
    assert_eq!(numbers.groups.len(), 3, "{:?}", numbers.tried);
    let found = group(&features, GroupsWanted::Exactly(3)).expect("groups");
    assert!(adjusted_rand(&found.of, &of) > 0.9, "{}", adjusted_rand(&found.of, &of));
    assert!(found.stability > 0.85 && found.silhouette > 0.5, "{} {}", found.stability, found.silhouette);
    let rich = found.of[of.iter().position(|kind| *kind == 2).expect("one of them")];
    let most = &found.groups[rich].traits[0];
    assert_eq!((most.feature.as_str(), &most.value), ("value", &None));
    within(most.group, 300.0, 0.02);
    assert!(most.lift.is_some_and(|lift| lift > 1.8) && most.distance > 1.0);
    let city =
        found.groups.iter().flat_map(|one| &one.traits).find(|one| one.value.as_deref() == Some("杭州"));
    assert!(city.is_some_and(|one| (0.0..=1.0).contains(&one.group)));
    assert_eq!(group(&features, GroupsWanted::Exactly(3)), Ok(found), "the same people give the same groups");
}

#[test]
fn groups_of_one_kind_of_people_are_not_stable() {
    let mut draws = Draws(21);
    let mut noise = || Values::Numbers((0..600).map(|_| Some(draws.normal())).collect());
    let features: Vec<Feature> =
        (0..6).map(|n| Feature { name: format!("noise {n}"), values: noise() }).collect();
    let found = group(&features, GroupsWanted::Exactly(5)).expect("groups");
    assert!(found.stability < 0.6 && found.silhouette < 0.25, "{} {}", found.stability, found.silhouette);
    let few = [Feature { name: "one".into(), values: Values::Numbers(vec![Some(1.0); 60]) }];
    assert!(group(&few, GroupsWanted::Exactly(2)).expect_err("all the same").all_alike);
}
