crate::sql! {
    /// One sealed secret.
    pub(crate) FIND = "SELECT sealed FROM installation_secret WHERE name = $1";
    /// All sealed secrets.
    pub(crate) ALL = "SELECT name, sealed FROM installation_secret ORDER BY name";
    /// Keeps a secret unless there is one of that name.
    pub(crate) ADD = "INSERT INTO installation_secret (name, sealed, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO NOTHING";
    /// Keeps or replaces a secret.
    pub(crate) PUT = "INSERT INTO installation_secret (name, sealed, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed";
    /// Seals a secret anew.
    pub(crate) RESEAL = "UPDATE installation_secret SET sealed = $2 WHERE name = $1";
    /// Looks for any secret.
    pub(crate) ANY = "SELECT name FROM installation_secret LIMIT 1";
}
