package domain

import "slices"

// Role says what an operator may do; the table below is the whole of it.
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

// IsValid tells whether the role exists.
func (r Role) IsValid() bool { return slices.Contains(Roles, r) }

// Action is something a role may or may not do.
type Action string

// The actions a role grants. Working with a conversation needs, besides, that its channel is open to the operator.
const (
	WorkConversations Action = "conversations.work"   // read, answer, file, assign within one's channels
	SeeAllChannels    Action = "channels.see_all"     // conversations of every channel, also of those of other teams
	SeeRaw            Action = "messages.see_raw"     // attempts and the vendor's raw data
	SeeOperators      Action = "operators.see"        // the table of operators
	ManageOperators   Action = "operators.manage"     // create, change role, deactivate
	ManageChannels    Action = "channels.manage"      // connect and change channels
	ManageJournal     Action = "journal.manage"       // parked webhooks, dead jobs, replay
	ManageSettings    Action = "settings.manage"      // company, request templates, tags
	ManageTemplates   Action = "templates.manage"     // fetch the vendor's templates again
	ExportEverything  Action = "conversations.export" // the whole history of any contact
)

var permissions = map[Action][]Role{
	WorkConversations: {RoleAdministrator, RoleSupervisor, RoleOperator},
	SeeAllChannels:    {RoleAdministrator, RoleSupervisor},
	SeeRaw:            {RoleAdministrator, RoleSupervisor},
	SeeOperators:      {RoleAdministrator, RoleSupervisor, RoleOperator},
	ManageOperators:   {RoleAdministrator},
	ManageChannels:    {RoleAdministrator},
	ManageJournal:     {RoleAdministrator},
	ManageSettings:    {RoleAdministrator},
	ManageTemplates:   {RoleAdministrator, RoleSupervisor},
	ExportEverything:  {RoleAdministrator},
}

// May tells whether the operator's role grants the action. A deactivated operator may nothing.
func (o *Operator) May(a Action) bool {
	return o != nil && o.Active && slices.Contains(permissions[a], o.Role)
}

// MayUse tells whether the operator may see and work the conversations of a channel: the single rule behind lists,
// search, counters, files and the live stream. A channel that names no operators is open to all of them.
func (o *Operator) MayUse(c *Channel) bool {
	if !o.May(WorkConversations) || c == nil {
		return false
	}
	return o.May(SeeAllChannels) || len(c.Operators) == 0 || slices.Contains(c.Operators, o.ID)
}

// Require is ErrForbidden unless the operator's role grants the action.
func (o *Operator) Require(a Action) error {
	if !o.May(a) {
		return ErrForbidden
	}
	return nil
}
