//! Statements that change who may do what, as a seed gives them.

/// A generator of pseudo-random numbers (xorshift64*), the same on every machine.
pub(crate) struct Chance {
    state: u64,
    /// The things that a round is about: chains grow on few.
    things: [usize; 3],
}

const TRUSTED: [&str; 4] = ["dba", "deputy", "boss", "team"];
const OTHERS: [&str; 4] = ["alice", "bob", "\"Odd \"\"Carol\"\"\"", "outsiders"];
const DECLARED: [&str; 6] = ["orders_ddl", "orders_dml", "orders_ro", "orders_app", "orders_migrate", "orders_bi"];

/// What GRANT names, what it may grant there, and how it changes hands.
const THINGS: [(&str, &[&str], &str); 12] = [
    ("DATABASE orders", &["CONNECT", "CREATE", "TEMPORARY"], "DATABASE orders"),
    ("SCHEMA orders", &["USAGE", "CREATE"], "SCHEMA orders"),
    ("SCHEMA public", &["USAGE", "CREATE"], ""),
    ("TABLE orders.jobs", &["SELECT", "INSERT", "UPDATE", "TRUNCATE"], "TABLE orders.jobs"),
    ("TABLE orders.jobs", &["SELECT (done)", "UPDATE (done)", "SELECT (id)"], ""),
    ("TABLE orders.orders", &["SELECT", "INSERT", "REFERENCES"], "TABLE orders.orders"),
    ("TABLE orders.orders", &["SELECT (note)", "UPDATE (note)", "INSERT (customer)"], ""),
    ("TABLE orders.open", &["SELECT", "DELETE"], "VIEW orders.open"),
    ("SEQUENCE orders.jobs_id_seq", &["USAGE", "SELECT"], ""),
    ("SEQUENCE orders.numbers", &["USAGE", "UPDATE"], "SEQUENCE orders.numbers"),
    ("FUNCTION orders.f()", &["EXECUTE"], "FUNCTION orders.f()"),
    ("TYPE orders.mood", &["USAGE"], "TYPE orders.mood"),
];

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, things: [0; 3] }
    }

    /// What comes next is about other things.
    pub(crate) fn begin(&mut self) {
        self.things = [(); 3].map(|()| self.below(THINGS.len()));
    }

    fn below(&mut self, n: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let high = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).expect("31 bits") % n
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn anybody(&mut self) -> &'static str {
        match self.below(3) {
            0 => self.one(&TRUSTED),
            1 => self.one(&OTHERS),
            _ => self.one(&DECLARED),
        }
    }

    /// Two of three are grants by somebody.
    pub(crate) fn statement(&mut self, major: u32) -> String {
        match self.below(15) {
            0 => format!("ALTER ROLE boss {}", self.one(&["SUPERUSER", "NOSUPERUSER"])),
            1 | 2 => self.membership(major),
            3 => self.owner(),
            4 => self.taken(),
            _ => self.grant(),
        }
    }

    fn grant(&mut self) -> String {
        let (thing, privileges, _) = THINGS[self.things[self.below(3)]];
        let privileges = if self.below(3) == 0 { privileges.join(", ") } else { self.one(privileges).to_owned() };
        let (to, option) = match self.below(8) {
            0 => ("PUBLIC", ""),
            _ => (self.anybody(), self.one(&["", " WITH GRANT OPTION", " WITH GRANT OPTION"])),
        };
        format!("{}GRANT {privileges} ON {thing} TO {to}{option}", self.acting())
    }

    fn taken(&mut self) -> String {
        let who = self.anybody();
        match self.below(2) {
            0 => format!("REVOKE USAGE ON SCHEMA orders FROM {who} CASCADE"),
            _ => "GRANT USAGE ON SCHEMA orders TO PUBLIC".to_owned(),
        }
    }

    /// A member of the bootstrap superuser would be trusted, and of a superuser one.
    fn membership(&mut self, major: u32) -> String {
        let role = match self.below(3) {
            0 => self.one(&["team", "dba", "outsiders", "alice"]),
            _ => self.one(&DECLARED),
        };
        let option = match self.below(3) {
            0 => " WITH ADMIN OPTION",
            1 if major >= 16 => self.one(&[" WITH INHERIT FALSE", " WITH SET FALSE", " WITH INHERIT TRUE"]),
            _ => "",
        };
        let member = self.anybody();
        format!("{}GRANT {role} TO {member}{option}", self.acting())
    }

    fn owner(&mut self) -> String {
        let (_, _, thing) = THINGS[self.things[self.below(3)]];
        let to = self.anybody();
        if thing.is_empty() { "RESET ROLE".to_owned() } else { format!("ALTER {thing} OWNER TO {to}") }
    }

    /// Usually somebody else.
    fn acting(&mut self) -> String {
        if self.below(4) == 0 { String::new() } else { format!("SET ROLE {}; ", self.anybody()) }
    }
}
