package chats

import (
	"cmp"
	"context"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// Summary is the day of the operator who asks and the state of the desk as far as they may see it.
type Summary struct {
	LedToday      int // conversations in which the operator answered today
	Waiting       int // conversations that wait for an answer
	Mine          int // conversations the operator is responsible for
	Unassigned    int
	FirstResponse time.Duration // the operator's average today; 0 = none yet
	Longest       []Row         // who waits longest, at most five
}

// TeamMember is a colleague with how many open conversations they are responsible for.
type TeamMember struct {
	Operator domain.Operator
	Open     int
}

// Summarize reads the panel beside the chats table. The counts are kept by the store, so that none is made by scanning.
func (s *Service) Summarize(ctx context.Context, who *domain.Operator) (Summary, error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return Summary{}, err
	}
	var summary Summary
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := summary.addCounts(tx, who, visible, domain.Day(tx.Now, s.location)); err != nil {
			return err
		}
		list, _, err := tx.Page(
			store.ByWaiting(connections.SortIDs(visible)),
			"",
			5,
			50,
			func(c *domain.Conversation) bool { return c.IsWaiting() },
		)
		if err != nil {
			return err
		}
		summary.Longest, err = buildRows(tx, visible, list)
		return err
	})
	return summary, err
}

// CountWaiting counts the conversations that wait for an answer, as far as the operator may see them: the number on
// every page.
func (s *Service) CountWaiting(ctx context.Context, who *domain.Operator) (n int, err error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return 0, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		n = 0
		for id := range visible {
			waiting, err := tx.WaitingCount(id)
			if err != nil {
				return err
			}
			n += int(waiting)
		}
		return nil
	})
	return n, err
}

// addCounts fills in the counts and the average of a day.
func (s *Summary) addCounts(
	tx *store.Tx,
	who *domain.Operator,
	visible map[domain.ID]*domain.Channel,
	day string,
) error {
	for id := range visible {
		waiting, err := tx.WaitingCount(id)
		if err != nil {
			return err
		}
		unassigned, err := tx.UnassignedCount(id)
		if err != nil {
			return err
		}
		s.Waiting, s.Unassigned = s.Waiting+int(waiting), s.Unassigned+int(unassigned)
	}
	led, err := tx.LedCount(who.ID, day)
	if err != nil {
		return err
	}
	mine, err := tx.OpenCount(who.ID)
	if err != nil {
		return err
	}
	s.LedToday, s.Mine = int(led), int(mine)
	s.FirstResponse, err = tx.AverageFirstResponse(who.ID, day)
	return err
}

// Team is the colleagues that the panel beside the chats table shows.
type Team struct {
	Members []TeamMember // those who are here before those who are not, in the order of all operators; at most teamShown
	Others  int          // how many more there are
}

// teamShown is how many colleagues the panel shows: more would be a page of its own, which exists.
const teamShown = 12

// presenceOrder puts those who can be asked before those who cannot.
var presenceOrder = []domain.Presence{domain.Online, domain.Away, domain.Offline}

// ListTeam lists the active operators with what each is responsible for, to whoever may see operators.
func (s *Service) ListTeam(ctx context.Context, who *domain.Operator) (team Team, err error) {
	if err := who.Require(domain.SeeOperators); err != nil {
		return team, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		operators, err := tx.Operators()
		if err != nil {
			return err
		}
		operators = slices.DeleteFunc(operators, func(o domain.Operator) bool { return !o.Active })
		slices.SortStableFunc(operators, func(a, b domain.Operator) int {
			return cmp.Compare(slices.Index(presenceOrder, a.Presence), slices.Index(presenceOrder, b.Presence))
		})
		team = Team{Others: max(0, len(operators)-teamShown)}
		for _, o := range operators[:len(operators)-team.Others] {
			open, err := tx.OpenCount(o.ID)
			if err != nil {
				return err
			}
			team.Members = append(team.Members, TeamMember{Operator: o.Public(), Open: int(open)})
		}
		return nil
	})
	return team, err
}
