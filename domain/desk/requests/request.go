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
// under the request at once.
type Form struct {
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

func (f *Form) fill(r *domain.Request) {
	r.Title, r.TemplateID, r.Contact = strings.TrimSpace(f.Title), f.TemplateID, domain.Clip(strings.TrimSpace(f.Contact), 120)
	r.Description, r.Status, r.Priority, r.Due = f.Description, f.Status, f.Priority, f.Due
	r.Tags, r.Assignee = domain.CleanTags(f.Tags), f.Assignee
	if r.Status == "" {
		r.Status = domain.StatusNew
	}
	if r.Priority == "" {
		r.Priority = domain.Normal
	}
}

// apply fills the request in. Whoever is newly made responsible for it must be able to see it.
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

// Create makes a request from a conversation. Invalid names every field at fault.
func (s *Service) Create(ctx context.Context, who *domain.Operator, f Form) (domain.Request, error) {
	var r domain.Request
	err := s.thread.ChangeConversation(ctx, who, f.ConversationID, func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
		r = domain.Request{ConversationID: conversation.ID, ChannelID: conversation.ChannelID, ContactID: conversation.ContactID, CreatedBy: who.ID}
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
		args := map[string]string{"by": who.Name, "code": r.Code(), "title": r.Title}
		if err := thread.AddNote(tx, c, conversation, "activity.request_created", args); err != nil || f.MessageID.IsZero() {
			return err
		}
		return fileUnder(tx, c, conversation.ID, f.MessageID, &r, true)
	})
	return r, err
}

// Update changes a request. Its conversation and message stay.
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

func (s *Service) changeRequest(ctx context.Context, who *domain.Operator, id domain.ID, change func(*store.Tx, *carrier.Connection, *domain.Request) error) error {
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

func storeWithCompany(tx *store.Tx, c *carrier.Connection, r *domain.Request, company string) error {
	firm, err := tx.EnsureCompany(strings.TrimSpace(company))
	if err != nil {
		return err
	}
	r.CompanyID, r.Company = firm.ID, firm.Name
	return storeRequest(tx, c, r)
}

func storeRequest(tx *store.Tx, c *carrier.Connection, r *domain.Request) error {
	tx.Record(domain.Event{Kind: domain.EventRequestChanged, ChannelID: c.Channel.ID, ConversationID: r.ConversationID, RequestID: r.ID})
	return tx.PutRequest(r, c.Channel.Short)
}

// FileMessage files a message under a request, or takes it out. Doing it twice is fine.
func (s *Service) FileMessage(ctx context.Context, who *domain.Operator, message, request domain.ID, on bool) error {
	return s.changeRequest(ctx, who, request, func(tx *store.Tx, c *carrier.Connection, r *domain.Request) error {
		return fileUnder(tx, c, r.ConversationID, message, r, on)
	})
}

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

// List lists the requests of a conversation, newest first.
func (s *Service) List(ctx context.Context, who *domain.Operator, conversation domain.ID, f domain.RequestFilter) ([]domain.Request, error) {
	if _, err := s.thread.FindConversation(ctx, who, conversation); err != nil {
		return nil, err
	}
	want := search.Fold(strings.TrimSpace(f.Text))
	var list []domain.Request
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.RequestsOf(conversation, func(r *domain.Request) bool {
			return (f.Status == "" || r.Status == f.Status) && strings.Contains(search.Fold(r.Code()+" "+r.Title), want)
		})
		return err
	})
	return list, err
}

// Read reads one request the operator may see.
func (s *Service) Read(ctx context.Context, who *domain.Operator, id domain.ID) (r domain.Request, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if r, err = tx.Request(id); err == nil {
			_, err = s.connections.FindReadable(ctx, who, r.ChannelID)
		}
		return err
	})
	return r, err
}

// ReadByCode reads the request with a code such as P-2041.
func (s *Service) ReadByCode(ctx context.Context, who *domain.Operator, code string) (r domain.Request, err error) {
	number, ok := domain.ParseRequestCode(code)
	if !ok {
		return r, domain.ErrNotFound
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if r, err = tx.RequestByNumber(number); err == nil {
			_, err = s.connections.FindReadable(ctx, who, r.ChannelID)
		}
		return err
	})
	return r, err
}

// ListTemplates lists the templates of requests.
func (s *Service) ListTemplates(ctx context.Context, who *domain.Operator) (list []domain.RequestTemplate, err error) {
	if err := who.Require(domain.WorkConversations); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.RequestTemplates()
		return err
	})
	return list, err
}

// AddTemplate adds a template of requests.
func (s *Service) AddTemplate(ctx context.Context, who *domain.Operator, t domain.RequestTemplate) error {
	if err := who.Require(domain.ManageSettings); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		t.ID = tx.NewID()
		return tx.PutRequestTemplate(&t)
	})
}

// suggestions is how many names a list under a field offers.
const maxSuggestions = 20

// SuggestCompanies suggests companies whose name begins with a text.
func (s *Service) SuggestCompanies(ctx context.Context, who *domain.Operator, prefix string) (list []domain.Company, err error) {
	if err := who.Require(domain.WorkConversations); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Companies(prefix, maxSuggestions)
		return err
	})
	return list, err
}

// SuggestTags suggests tags that begin with a text.
func (s *Service) SuggestTags(ctx context.Context, who *domain.Operator, prefix string) (list []string, err error) {
	if err := who.Require(domain.WorkConversations); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Tags(prefix, maxSuggestions)
		return err
	})
	return list, err
}
