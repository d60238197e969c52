package domain

import "slices"

// Permission is something a role may or may not do.
type Permission string

// The permissions a role grants. Working with a conversation needs, besides, that its channel is open to the operator.
const (
	WorkConversations Permission = "conversations.work" // read, answer, file, assign within one's channels
	// conversations of every channel, also of those of other teams
	SeeAllChannels   Permission = "channels.see_all"
	SeeRaw           Permission = "messages.see_raw"     // attempts and the vendor's raw data
	SeeOperators     Permission = "operators.see"        // the table of operators
	ManageOperators  Permission = "operators.manage"     // create, change role, deactivate
	ManageChannels   Permission = "channels.manage"      // connect and change channels
	ManageJournal    Permission = "journal.manage"       // parked webhooks, dead jobs, replay
	ManageSettings   Permission = "settings.manage"      // company, request templates, tags
	ManageTemplates  Permission = "templates.manage"     // fetch the vendor's templates again
	ExportEverything Permission = "conversations.export" // the whole history of any contact
)

// grantedTo are the roles that have each permission: the whole of what roles may do.
var grantedTo = map[Permission][]Role{
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

// May reports whether the operator's role grants the permission. A deactivated operator may nothing.
func (o *Operator) May(p Permission) bool {
	return o != nil && o.Active && slices.Contains(grantedTo[p], o.Role)
}

// MayUse reports whether the operator may see and work the conversations of a channel: the single rule behind lists,
// search, counters, files and the live stream. A channel that names no operators is open to all of them.
func (o *Operator) MayUse(c *Channel) bool {
	if !o.May(WorkConversations) || c == nil {
		return false
	}
	return o.May(SeeAllChannels) || len(c.Operators) == 0 || slices.Contains(c.Operators, o.ID)
}

// Require is ErrForbidden unless the operator's role grants the permission.
func (o *Operator) Require(p Permission) error {
	if !o.May(p) {
		return ErrForbidden
	}
	return nil
}
