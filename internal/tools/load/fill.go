package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk/chats"
	"pult/domain/store"
)

// words make messages; a few are in many of them, most in few, as in real talk.
var words = strings.Fields(
	`dobrý den prosím objednávka zásilka faktura děkuji kdy dorazí zítra dnes termín oprava kávovar mlýnek šálek dodání adresa platba
karta účet sleva výměna reklamace dotaz cena kolik stojí otevřeno zavřeno pobočka telefon číslo bonjour commande livraison facture merci demain
aujourd'hui rendez-vous machine café moulin tasse adresse paiement carte remise échange réclamation question prix combien ouvert fermé magasin`,
)

const batchOps = 700 // keys written before a commit

// fillOnce fills an empty store and takes one that was filled before as it is.
func (r *rig) fillOnce(ctx context.Context, messages int) error {
	err := r.store.View(ctx, func(tx *store.Tx) (err error) {
		r.channel, err = tx.ChannelByKey("load")
		return err
	})
	if domain.KindOf(err) == domain.NotFound {
		return r.fillStore(ctx, messages)
	}
	return err
}

func (r *rig) fillStore(ctx context.Context, messages int) error {
	admin, err := r.addAdministrator(ctx)
	if err != nil {
		return err
	}
	if err := r.addChannel(ctx, admin, "load", "1", "+420601000111"); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(1, 2))
	conversations, start := max(messages/10, 1), time.Now().Add(-30*24*time.Hour)
	for next := 0; next < conversations; {
		var reached int
		err := r.store.Update(ctx, func(tx *store.Tx) error {
			for reached = next; reached < conversations && tx.Ops() < batchOps; reached++ {
				at := start.Add(time.Duration(reached) * 29 * 24 * time.Hour / time.Duration(conversations))
				if err := r.writeConversation(tx, admin, reached, at, random); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		next = reached
	}
	return nil
}

// addChannel adds a channel of the pretend vendor; the one that was added last is the rig's own.
func (r *rig) addChannel(ctx context.Context, admin *domain.Operator, key, account, number string) (err error) {
	r.channel, err = r.desk.Channels.Add(ctx, admin, domain.Channel{
		Key:      key,
		Kind:     domain.WhatsApp,
		Driver:   "whatsapp-cloud",
		Name:     key,
		Enabled:  true,
		Number:   number,
		Account:  account,
		Business: "2",
		Settings: map[string]string{"base_url": r.vendor.URL},
		Secrets:  map[string]domain.Secret{"app_secret": appSecret, "access_token": "load", "verify_token": "load"},
	})
	return err
}

func (r *rig) addAdministrator(ctx context.Context) (*domain.Operator, error) {
	hash, err := auth.Hash(password)
	if err != nil {
		return nil, err
	}
	o := &domain.Operator{
		Name:         "Load",
		Email:        email,
		Role:         domain.RoleAdministrator,
		Active:       true,
		PasswordHash: hash,
		Language:     domain.Czech,
	}
	return o, r.store.Update(ctx, func(tx *store.Tx) error {
		o.ID, o.Number = tx.NewID(), 1
		if err := tx.PutWorkspace(&domain.Workspace{
			Company:   "Load",
			Language:  domain.Czech,
			InstallID: "0123456789abcdef",
			SetUpAt:   tx.Now,
		}); err != nil {
			return err
		}
		return tx.PutOperator(o)
	})
}

// writeConversation writes one conversation of ten messages.
func (r *rig) writeConversation(tx *store.Tx, admin *domain.Operator, n int, at time.Time, random *rand.Rand) error {
	number, err := tx.NextNumber("conversation")
	if err != nil {
		return err
	}
	phone := fmt.Sprintf("+4207%08d", n)
	contact := domain.Contact{
		ID:         tx.NewID(),
		Name:       fmt.Sprintf("Zákazník %s %d", words[n%len(words)], n),
		Identities: []domain.Identity{{Kind: domain.PhoneIdentity, Value: phone}},
		CreatedAt:  at,
	}
	c := domain.Conversation{
		ID:        tx.NewID(),
		Number:    number,
		ChannelID: r.channel.ID,
		ContactID: contact.ID,
		To:        contact.Identities[0],
		Name:      contact.Name,
		Address:   phone,
		Status:    domain.StatusOpen,
		CreatedAt: at,
	}
	for i := range 10 {
		m := domain.Message{
			ID:             tx.NewID(),
			ConversationID: c.ID,
			ChannelID:      r.channel.ID,
			At:             at.Add(time.Duration(i) * time.Minute),
			Kind:           domain.KindText,
			Text:           makeSentence(random),
			ReceivedAt:     at,
		}
		m.Direction, m.State, m.Author = domain.Incoming, domain.StateReceived, domain.Author{
			Kind: domain.ByCustomer,
			Name: contact.Name,
		}
		if i%2 == 1 {
			m.Direction, m.State, m.Author = domain.Outgoing, domain.StateRead, domain.Author{
				Kind:     domain.ByOperator,
				Operator: admin.ID,
				Name:     admin.Name,
			}
		}
		if err := tx.PutMessage(&m, r.channel.Short); err != nil {
			return err
		}
		c.LastMessage, c.ActiveAt, c.MessageCount = m.Glance(), m.At, i+1
		if m.Direction == domain.Incoming {
			c.LastInbound, c.LastInboundID = m.At, m.ID
		}
	}
	if n%20 == 0 {
		c.WaitingSince, c.Unread = c.ActiveAt, 1
	}
	if err := tx.PutContact(&contact); err != nil {
		return err
	}
	return tx.PutConversation(&c, &r.channel)
}

func makeSentence(random *rand.Rand) string {
	var b strings.Builder
	for range 6 + random.IntN(10) {
		w := words[min(random.IntN(len(words)), random.IntN(len(words)))]
		b.WriteString(w)
		b.WriteByte(' ')
	}
	fmt.Fprintf(&b, "%d", random.IntN(100000))
	return b.String()
}

// listRows gives conversations all over the table, for pages that are not all the same.
func (r *rig) listRows(ctx context.Context, n int) ([]chats.Row, error) {
	var admin domain.Operator
	err := r.store.View(ctx, func(tx *store.Tx) (err error) {
		admin, err = tx.OperatorByEmail(email)
		return err
	})
	if err != nil {
		return nil, err
	}
	page, err := r.desk.Chats.List(ctx, &admin, chats.Query{Limit: n})
	return page.Rows, err
}
