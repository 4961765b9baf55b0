/// Those who may act, with their department; conditions follow.
pub(crate) const LIST: &str = "SELECT u.id, u.name, u.department_id, d.names AS department_names
    FROM identity_user u LEFT JOIN identity_department d ON d.id = u.department_id
    WHERE u.state = 'active' AND u.kind = 'staff'";
