package requests

import (
	"context"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/search"
	"pult/domain/store"
)

// Form is what an operator enters for a request. MessageID is the message a new request is made from; it is filed
// under the request at once. Once names the form of a new request: sent again it makes no other one.
type Form struct {
	Once           domain.ID
	ConversationID domain.ID
	MessageID      domain.ID
	Title          string
	Company        string
	TemplateID     domain.ID
	Contact        string
	Description    string
	Status         domain.Status
	Priority       domain.Priority
	Due            time.Time
	Tags           []string
	Assignee       domain.ID
}

// fill writes what was entered into a request. Without a status it is new, without a priority normal.
func (f *Form) fill(r *domain.Request) {
	r.Title, r.TemplateID, r.Contact = strings.TrimSpace(
		f.Title,
	), f.TemplateID, domain.Clip(
		strings.TrimSpace(f.Contact),
		120,
	)
	r.Description, r.Status, r.Priority, r.Due = f.Description, f.Status, f.Priority, f.Due
	r.Tags, r.Assignee = domain.CleanTags(f.Tags), f.Assignee
	if r.Status == "" {
		r.Status = domain.StatusNew
	}
	if r.Priority == "" {
		r.Priority = domain.Normal
	}
}

// apply fills the request in and checks it. Whoever is newly made responsible for it must be able to see it.
func (f *Form) apply(tx *store.Tx, c *carrier.Connection, r *domain.Request) error {
	before := r.Assignee
	f.fill(r)
	if err := r.Validate(); err != nil || r.Assignee == before || r.Assignee.IsZero() {
		return err
	}
	to, err := tx.Operator(r.Assignee)
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return err
	}
	if !to.MayUse(&c.Channel) {
		return domain.FieldErrors{"assignee": "error.field.choice"}.Err()
	}
	return nil
}

// Create makes a request in a conversation, or gives the one that the same form made before. Invalid names every field at
// fault.
func (s *Service) Create(ctx context.Context, who *domain.Operator, f Form) (domain.Request, error) {
	var r domain.Request
	err := s.thread.ChangeConversation(
		ctx,
		who,
		f.ConversationID,
		func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
			made, ok, err := tx.FindMade(who.ID, f.Once)
			if err != nil {
				return err
			}
			if ok {
				r, err = tx.Request(made)
				return err
			}
			r = domain.Request{
				ConversationID: conversation.ID,
				ChannelID:      conversation.ChannelID,
				ContactID:      conversation.ContactID,
				CreatedBy:      who.ID,
			}
			if err := f.apply(tx, c, &r); err != nil {
				return err
			}
			number, err := tx.NextNumber("request")
			if err != nil {
				return err
			}
			r.ID, r.Number, r.CreatedAt, r.UpdatedAt = tx.NewID(), number, tx.Now, tx.Now
			if err := storeWithCompany(tx, c, &r, f.Company); err != nil {
				return err
			}
			if err := tx.NoteMade(who.ID, f.Once, r.ID); err != nil {
				return err
			}
			args := map[string]string{"by": who.Name, "code": r.Code(), "title": r.Title}
			if err := thread.AddNote(tx, c, conversation, "activity.request_created", args); err != nil ||
				f.MessageID.IsZero() {
				return err
			}
			return fileUnder(tx, c, conversation.ID, f.MessageID, &r, true)
		},
	)
	return r, err
}

// Update changes a request; it stays in its conversation, and so do its messages. Invalid names every field at fault.
func (s *Service) Update(ctx context.Context, who *domain.Operator, id domain.ID, f Form) (domain.Request, error) {
	var r domain.Request
	err := s.changeRequest(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, stored *domain.Request) error {
		if err := f.apply(tx, c, stored); err != nil {
			return err
		}
		stored.UpdatedAt = tx.Now
		err := storeWithCompany(tx, c, stored, f.Company)
		r = *stored
		return err
	})
	return r, err
}

// changeRequest runs change with a request that the operator may see, in one transaction. change stores what it
// changed.
func (s *Service) changeRequest(
	ctx context.Context,
	who *domain.Operator,
	id domain.ID,
	change func(*store.Tx, *carrier.Connection, *domain.Request) error,
) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Request(id)
		if err != nil {
			return err
		}
		c, err := s.connections.FindReadable(ctx, who, r.ChannelID)
		if err != nil {
			return err
		}
		return change(tx, c, &r)
	})
}

// storeWithCompany stores a request with its company, which is made when none has that name.
func storeWithCompany(tx *store.Tx, c *carrier.Connection, r *domain.Request, company string) error {
	firm, err := tx.EnsureCompany(strings.TrimSpace(company))
	if err != nil {
		return err
	}
	r.CompanyID, r.Company = firm.ID, firm.Name
	return storeRequest(tx, c, r)
}

// storeRequest stores a request and tells the pages.
func storeRequest(tx *store.Tx, c *carrier.Connection, r *domain.Request) error {
	tx.Record(domain.Event{
		Kind:           domain.EventRequestChanged,
		ChannelID:      c.Channel.ID,
		ConversationID: r.ConversationID,
		RequestID:      r.ID,
	})
	return tx.PutRequest(r, c.Channel.Short)
}

// FileMessage files a message under a request of the same conversation, or takes it out again. Doing it twice changes
// nothing more.
func (s *Service) FileMessage(ctx context.Context, who *domain.Operator, message, request domain.ID, on bool) error {
	return s.changeRequest(ctx, who, request, func(tx *store.Tx, c *carrier.Connection, r *domain.Request) error {
		return fileUnder(tx, c, r.ConversationID, message, r, on)
	})
}

// fileUnder is FileMessage within a transaction.
func fileUnder(tx *store.Tx, c *carrier.Connection, conversation, message domain.ID, r *domain.Request, on bool) error {
	m, err := tx.Message(message)
	if err != nil {
		return err
	}
	if m.ConversationID != conversation || m.Direction == domain.Activity {
		return domain.ErrNotFound
	}
	if m.IsFiledUnder(r.ID) == on {
		return nil
	}
	if on {
		m.Requests = append(m.Requests, domain.RequestRef{ID: r.ID, Code: r.Code()})
		r.MessageCount++
	} else {
		m.Requests = slices.DeleteFunc(m.Requests, func(ref domain.RequestRef) bool { return ref.ID == r.ID })
		r.MessageCount--
	}
	if err := storeRequest(tx, c, r); err != nil {
		return err
	}
	return thread.PutMessage(tx, c, &m)
}

// Query says which requests of a conversation to list.
type Query struct {
	domain.RequestFilter
	Before domain.ID // those made before a request, as Page.Next says; zero = from the newest
	Limit  int       // 0 = PageSize; at most MaxPage
}

// Page is a page of the requests of a conversation, newest first.
type Page struct {
	Requests []domain.Request
	Next     domain.ID // where the next page begins; zero = these were the last
	Count    int       // of the conversation, whatever the filter; at most MostCounted, which stands for "or more"
}

// Bounds of a page of requests.
const (
	PageSize    = 30
	MaxPage     = 200  // a list that was unfolded is read again in one piece
	MostCounted = 200  // beyond that a number says nothing
	listWork    = 2000 // how many requests a filter that fits few of them looks at; the next page goes on from there
)

// List lists the requests of a conversation that fit a filter, newest first, a page at a time.
func (s *Service) List(ctx context.Context, who *domain.Operator, conversation domain.ID, q Query) (Page, error) {
	if _, err := s.thread.FindConversation(ctx, who, conversation); err != nil {
		return Page{}, err
	}
	limit := min(q.Limit, MaxPage)
	if limit <= 0 {
		limit = PageSize
	}
	text := search.Fold(strings.TrimSpace(q.Text))
	fits := func(r *domain.Request) bool {
		return (q.Status == "" || r.Status == q.Status) &&
			(text == "" || strings.Contains(search.Fold(r.Code()+" "+r.Title), text))
	}
	var out Page
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if out.Requests, out.Next, err = tx.RequestsOf(conversation, q.Before, limit, listWork, fits); err != nil {
			return err
		}
		out.Count, err = tx.CountRequestsOf(conversation, MostCounted)
		return err
	})
	return out, err
}

// Read reads one request that the operator may see; any other is NotFound.
func (s *Service) Read(ctx context.Context, who *domain.Operator, id domain.ID) (domain.Request, error) {
	return s.findRequest(ctx, who, func(tx *store.Tx) (domain.Request, error) { return tx.Request(id) })
}

// ReadByCode is Read by a code such as P-2041.
func (s *Service) ReadByCode(ctx context.Context, who *domain.Operator, code string) (domain.Request, error) {
	number, ok := domain.ParseRequestCode(code)
	if !ok {
		return domain.Request{}, domain.ErrNotFound
	}
	return s.findRequest(ctx, who, func(tx *store.Tx) (domain.Request, error) { return tx.RequestByNumber(number) })
}

// findRequest reads a request by find, if the operator may see it.
func (s *Service) findRequest(
	ctx context.Context,
	who *domain.Operator,
	find func(*store.Tx) (domain.Request, error),
) (domain.Request, error) {
	r, err := store.Read(ctx, s.store, find)
	if err != nil {
		return r, err
	}
	_, err = s.connections.FindReadable(ctx, who, r.ChannelID)
	return r, err
}
