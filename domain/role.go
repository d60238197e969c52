package domain

import "slices"

// Role says what an operator may do: the table in permission.go is the whole of it.
type Role string

// The roles, from the widest to the narrowest. Their values are stored with every operator and sent by forms, so they
// never change.
const (
	RoleAdministrator Role = "administrator"
	RoleSupervisor    Role = "supervisor"
	RoleOperator      Role = "operator"
)

// Roles lists them in the order of a chooser.
var Roles = []Role{RoleAdministrator, RoleSupervisor, RoleOperator}

// IsValid reports whether the role exists.
func (r Role) IsValid() bool { return slices.Contains(Roles, r) }
