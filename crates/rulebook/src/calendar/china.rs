//! Public holidays and make-up working days (法定节假日与调休) of mainland China.
//!
//! Source: the notice on the arrangement of holidays that the General Office of the State Council publishes
//! each autumn for the year after (国务院办公厅关于部分节假日安排的通知), 2004 to 2026; for 2015 also the one
//! on 3 September. A year without a notice has weekends only, and says so ([`knows`]).

use jiff::civil::Date;
use kernel::text_enum;

text_enum! {
    /// Public holiday (法定节假日).
    pub enum Holiday {
        /// 1 January (元旦).
        NewYear = "new_year",
        /// Lunar new year (春节).
        SpringFestival = "spring_festival",
        /// Tomb-sweeping day (清明节).
        TombSweeping = "tomb_sweeping",
        /// 1 May (劳动节).
        Labour = "labour",
        /// Dragon boat festival (端午节).
        DragonBoat = "dragon_boat",
        /// Mid-autumn festival (中秋节).
        MidAutumn = "mid_autumn",
        /// 1 October (国庆节).
        National = "national",
        /// 70 years after the war, in 2015 (抗战胜利70周年纪念日).
        Victory = "victory",
    }
}

use Holiday::{DragonBoat, Labour, MidAutumn, National, NewYear, SpringFestival, TombSweeping, Victory};

/// What the notices say of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Off, for this holiday.
    Off(Holiday),
    /// A weekend on which one works.
    MadeUp,
}

/// One year; days are written as month * 100 + day.
struct Year {
    year: i16,
    /// First and last day off, both included.
    off: &'static [(Holiday, i16, i16)],
    made_up: &'static [i16],
}

/// Returns true where the notice for this year is built in.
pub fn knows(year: i16) -> bool {
    YEARS.iter().any(|known| known.year == year)
}

/// Returns what the notices say of a day; nothing about an ordinary one.
pub fn ruling(date: Date) -> Option<Ruling> {
    let year = YEARS.iter().find(|known| known.year == date.year())?;
    let day = i16::from(date.month()) * 100 + i16::from(date.day());
    if year.made_up.contains(&day) {
        return Some(Ruling::MadeUp);
    }
    year.off.iter().find(|(_, from, to)| (*from..=*to).contains(&day)).map(|(name, ..)| Ruling::Off(*name))
}

#[rustfmt::skip]
const YEARS: &[Year] = &[
    Year { year: 2004, off: &[(NewYear, 101, 101), (SpringFestival, 122, 128), (Labour, 501, 507), (National, 1001, 1007)], made_up: &[117, 118, 508, 509, 1009, 1010] },
    Year { year: 2005, off: &[(NewYear, 101, 103), (SpringFestival, 209, 215), (Labour, 501, 507), (National, 1001, 1007)], made_up: &[205, 206, 430, 508, 1008, 1009] },
    Year { year: 2006, off: &[(NewYear, 101, 103), (SpringFestival, 129, 204), (Labour, 501, 507), (National, 1001, 1007)], made_up: &[128, 205, 429, 430, 930, 1008, 1230, 1231] },
    Year { year: 2007, off: &[(NewYear, 101, 103), (SpringFestival, 218, 224), (Labour, 501, 507), (National, 1001, 1007), (NewYear, 1230, 1231)], made_up: &[217, 225, 428, 429, 929, 930, 1229] },
    Year { year: 2008, off: &[(NewYear, 101, 101), (SpringFestival, 206, 212), (TombSweeping, 404, 406), (Labour, 501, 503), (DragonBoat, 607, 609), (MidAutumn, 913, 915), (National, 929, 1005)], made_up: &[202, 203, 504, 927, 928] },
    Year { year: 2009, off: &[(NewYear, 101, 103), (SpringFestival, 125, 131), (TombSweeping, 404, 406), (Labour, 501, 503), (DragonBoat, 528, 530), (National, 1001, 1002), (MidAutumn, 1003, 1003), (National, 1004, 1008)], made_up: &[104, 124, 201, 531, 927, 1010] },
    Year { year: 2010, off: &[(NewYear, 101, 103), (SpringFestival, 213, 219), (TombSweeping, 403, 405), (Labour, 501, 503), (DragonBoat, 614, 616), (MidAutumn, 922, 924), (National, 1001, 1007)], made_up: &[220, 221, 612, 613, 919, 925, 926, 1009] },
    Year { year: 2011, off: &[(NewYear, 101, 103), (SpringFestival, 202, 208), (TombSweeping, 403, 405), (Labour, 430, 502), (DragonBoat, 604, 604), (DragonBoat, 606, 606), (MidAutumn, 910, 912), (National, 1001, 1007)], made_up: &[130, 212, 402, 1008, 1009, 1231] },
    Year { year: 2012, off: &[(NewYear, 101, 103), (SpringFestival, 122, 128), (TombSweeping, 402, 404), (Labour, 429, 501), (DragonBoat, 622, 622), (DragonBoat, 624, 624), (MidAutumn, 930, 930), (National, 1001, 1007)], made_up: &[121, 129, 331, 401, 428, 929] },
    Year { year: 2013, off: &[(NewYear, 101, 103), (SpringFestival, 209, 215), (TombSweeping, 404, 406), (Labour, 429, 501), (DragonBoat, 610, 612), (MidAutumn, 919, 921), (National, 1001, 1007)], made_up: &[105, 106, 216, 217, 407, 427, 428, 608, 609, 922, 929, 1012] },
    Year { year: 2014, off: &[(NewYear, 101, 101), (SpringFestival, 131, 206), (TombSweeping, 405, 407), (Labour, 501, 503), (DragonBoat, 602, 602), (MidAutumn, 908, 908), (National, 1001, 1007)], made_up: &[126, 208, 504, 928, 1011] },
    Year { year: 2015, off: &[(NewYear, 101, 103), (SpringFestival, 218, 224), (TombSweeping, 405, 406), (Labour, 501, 501), (DragonBoat, 620, 620), (DragonBoat, 622, 622), (Victory, 903, 904), (MidAutumn, 927, 927), (National, 1001, 1007)], made_up: &[104, 215, 228, 906, 1010] },
    Year { year: 2016, off: &[(NewYear, 101, 101), (SpringFestival, 207, 213), (TombSweeping, 404, 404), (Labour, 501, 502), (DragonBoat, 609, 611), (MidAutumn, 915, 917), (National, 1001, 1007)], made_up: &[206, 214, 612, 918, 1008, 1009] },
    Year { year: 2017, off: &[(NewYear, 101, 102), (SpringFestival, 127, 202), (TombSweeping, 402, 404), (Labour, 501, 501), (DragonBoat, 528, 530), (National, 1001, 1003), (MidAutumn, 1004, 1004), (National, 1005, 1008)], made_up: &[122, 204, 401, 527, 930] },
    Year { year: 2018, off: &[(NewYear, 101, 101), (SpringFestival, 215, 221), (TombSweeping, 405, 407), (Labour, 429, 501), (DragonBoat, 618, 618), (MidAutumn, 924, 924), (National, 1001, 1007), (NewYear, 1230, 1231)], made_up: &[211, 224, 408, 428, 929, 930, 1229] },
    Year { year: 2019, off: &[(NewYear, 101, 101), (SpringFestival, 204, 210), (TombSweeping, 405, 407), (Labour, 501, 504), (DragonBoat, 607, 609), (MidAutumn, 913, 915), (National, 1001, 1007)], made_up: &[202, 203, 428, 505, 929, 1012] },
    Year { year: 2020, off: &[(NewYear, 101, 101), (SpringFestival, 124, 202), (TombSweeping, 404, 406), (Labour, 501, 505), (DragonBoat, 625, 627), (National, 1001, 1008)], made_up: &[119, 426, 509, 628, 927, 1010] },
    Year { year: 2021, off: &[(NewYear, 101, 103), (SpringFestival, 211, 217), (TombSweeping, 403, 405), (Labour, 501, 505), (DragonBoat, 612, 614), (MidAutumn, 919, 921), (National, 1001, 1007)], made_up: &[207, 220, 425, 508, 918, 926, 1009] },
    Year { year: 2022, off: &[(NewYear, 101, 103), (SpringFestival, 131, 206), (TombSweeping, 403, 405), (Labour, 430, 504), (DragonBoat, 603, 605), (MidAutumn, 910, 912), (National, 1001, 1007), (NewYear, 1231, 1231)], made_up: &[129, 130, 402, 424, 507, 1008, 1009] },
    Year { year: 2023, off: &[(NewYear, 101, 102), (SpringFestival, 121, 127), (TombSweeping, 405, 405), (Labour, 429, 503), (DragonBoat, 622, 624), (MidAutumn, 929, 929), (National, 930, 1006), (NewYear, 1230, 1231)], made_up: &[128, 129, 423, 506, 625, 1007, 1008] },
    Year { year: 2024, off: &[(NewYear, 101, 101), (SpringFestival, 210, 217), (TombSweeping, 404, 406), (Labour, 501, 505), (DragonBoat, 610, 610), (MidAutumn, 915, 917), (National, 1001, 1007)], made_up: &[204, 218, 407, 428, 511, 914, 929, 1012] },
    Year { year: 2025, off: &[(NewYear, 101, 101), (SpringFestival, 128, 204), (TombSweeping, 404, 406), (Labour, 501, 505), (DragonBoat, 531, 602), (National, 1001, 1005), (MidAutumn, 1006, 1006), (National, 1007, 1008)], made_up: &[126, 208, 427, 928, 1011] },
    Year { year: 2026, off: &[(NewYear, 101, 103), (SpringFestival, 215, 223), (TombSweeping, 404, 406), (Labour, 501, 505), (DragonBoat, 619, 621), (MidAutumn, 925, 927), (National, 1001, 1007)], made_up: &[104, 214, 228, 509, 920, 1010] },
];
