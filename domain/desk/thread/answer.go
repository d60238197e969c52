package thread

import (
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// MarkAnswered moves a conversation on by an operator's answer m and stores it: nobody waits any more, nothing is
// unread, a conversation without an assignee becomes the operator's, and the answer counts in their figures of the day.
func (s *Service) MarkAnswered(
	tx *store.Tx,
	via *carrier.Connection,
	who *domain.Operator,
	c *domain.Conversation,
	m *domain.Message,
) error {
	before, day := *c, domain.Day(tx.Now, s.location)
	if c.FirstResponseIn == 0 && c.IsWaiting() {
		c.FirstResponseIn = max(tx.Now.Sub(c.WaitingSince), time.Second)
		if err := tx.AddFirstResponse(who.ID, day, c.FirstResponseIn); err != nil {
			return err
		}
	}
	c.WaitingSince, c.Unread, c.LastOperator = time.Time{}, 0, who.ID
	if c.Assignee.IsZero() {
		c.Assignee = who.ID
	}
	if c.Status != domain.StatusOpen && c.Status != domain.StatusSpam {
		c.Status = domain.StatusOpen
	}
	if err := tx.NoteLed(who.ID, c.ID, day); err != nil {
		return err
	}
	if err := PutConversation(tx, via, c); err != nil {
		return err
	}
	answered := Occurrence{Kind: MessageAnswered, Connection: via, Conversation: c, Message: m, By: who}
	return s.RaiseWithChanges(tx, before, answered)
}
