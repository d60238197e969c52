package domain_test

import (
	"testing"

	"pult/domain"
)

func TestMayUse_RoleAndChannelTogether(t *testing.T) {
	eva, jana, gone := domain.ID{1}, domain.ID{2}, domain.ID{3}
	operator := func(id domain.ID, role domain.Role, active bool) *domain.Operator {
		return &domain.Operator{ID: id, Role: role, Active: active}
	}
	open, evas := &domain.Channel{}, &domain.Channel{Operators: []domain.ID{eva}}
	for _, tc := range []struct {
		name string
		who  *domain.Operator
		on   *domain.Channel
		want bool
	}{
		{"everybody on an open one", operator(jana, domain.RoleOperator, true), open, true},
		{"the one it names", operator(eva, domain.RoleOperator, true), evas, true},
		{"another operator", operator(jana, domain.RoleOperator, true), evas, false},
		{"a supervisor", operator(jana, domain.RoleSupervisor, true), evas, true},
		{"somebody who left", operator(gone, domain.RoleAdministrator, false), open, false},
		{"nobody", nil, open, false},
		{"no channel", operator(eva, domain.RoleAdministrator, true), nil, false},
	} {
		if got := tc.who.MayUse(tc.on); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestMay_EveryRoleThatExistsMayWorkAndOnlyTheAdministratorManages(t *testing.T) {
	for _, role := range domain.Roles {
		o := &domain.Operator{Role: role, Active: true}
		if !o.May(domain.WorkConversations) {
			t.Errorf("%s may not work", role)
		}
		if got := o.May(domain.ManageChannels); got != (role == domain.RoleAdministrator) {
			t.Errorf("%s manages channels: %v", role, got)
		}
	}
}
