package inbound

import (
	"context"
	"errors"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/desk/files"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// pictureLimit bounds the picture of a profile in bytes.
const pictureLimit = 2 << 20

// enqueueProfile has the profile of a new contact fetched, on channels where messages come without one. The message
// does not wait for it.
func enqueueProfile(
	tx *store.Tx,
	c *carrier.Connection,
	contact *domain.Contact,
	conversation *domain.Conversation,
) error {
	if !contact.CreatedAt.Equal(tx.Now) || !c.IsUsable() || !c.CanProfile() {
		return nil
	}
	lane := "profile/" + contact.ID.String()
	if _, waiting, err := tx.NextInLane(lane); err != nil || waiting {
		return err
	}
	return tx.Enqueue(domain.Job{
		Kind:    domain.JobProfile,
		Lane:    lane,
		Queue:   connections.FilesQueue(c.Channel.ID),
		Subject: conversation.ID,
	})
}

// fetchProfile asks the vendor whom a conversation is with: name, details and picture.
func (s *Service) fetchProfile(ctx context.Context, j domain.Job) error {
	conversation, err := store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) (domain.Conversation, error) { return tx.Conversation(j.Subject) },
	)
	if err != nil {
		return err
	}
	c, err := s.connections.Find(ctx, conversation.ChannelID)
	if err != nil {
		return err
	}
	conn, err := c.Ready()
	if err != nil {
		return err
	}
	p, err := conn.Profile(ctx, conversation.To)
	if err != nil {
		return connections.RetryTemporary(err)
	}
	picture := s.storePicture(ctx, conn, conversation.ID, p.Picture)
	return s.store.Update(ctx, func(tx *store.Tx) error { return learnProfile(tx, c, j.Subject, p, picture) })
}

// storePicture fetches and stores the picture of a profile; nil when there is none or it cannot be had, which is only
// logged.
func (s *Service) storePicture(
	ctx context.Context,
	conn *carrier.Connection,
	conversation domain.ID,
	vendorID string,
) *domain.File {
	if vendorID == "" {
		return nil
	}
	f, err := s.fetchPicture(ctx, conn, conversation, vendorID)
	if err != nil {
		s.log.Info("inbound: no picture of a profile", "conversation", conversation, "err", err)
		return nil
	}
	return f
}

var errNoPicture = errors.New("inbound: what a profile gives as its picture is none")

// fetchPicture fetches and stores a picture of at most pictureLimit bytes.
func (s *Service) fetchPicture(
	ctx context.Context,
	conn *carrier.Connection,
	conversation domain.ID,
	vendorID string,
) (*domain.File, error) {
	media, err := conn.Fetch(ctx, vendorID)
	if err != nil {
		return nil, err
	}
	defer media.Body.Close()
	head, body, err := files.PeekHead(media.Body)
	if err != nil {
		return nil, err
	}
	f := &domain.File{
		ConversationID: conversation,
		Name:           "profile",
		MIME:           files.DetectType(head, files.BaseType(media.MIME)),
	}
	if !strings.HasPrefix(f.MIME, "image/") {
		return nil, errNoPicture
	}
	return f, s.store.WriteFile(ctx, f, body, pictureLimit)
}

// learnProfile stores what a profile says of a contact. A name that an operator wrote stays.
func learnProfile(
	tx *store.Tx,
	c *carrier.Connection,
	conversationID domain.ID,
	p carrier.Profile,
	picture *domain.File,
) error {
	conversation, err := tx.Conversation(conversationID)
	if err != nil {
		return err
	}
	contact, err := tx.Contact(conversation.ContactID)
	if err != nil {
		return err
	}
	changed := thread.LearnName(&contact, p.Person)
	if picture != nil {
		if err := tx.ClaimFile(picture); err != nil {
			return err
		}
		contact.Picture, changed = picture.ID, true
	}
	if !changed {
		return nil
	}
	contact.UpdatedAt = tx.Now
	if err := tx.PutContact(&contact); err != nil {
		return err
	}
	thread.NameConversation(&conversation, &contact)
	return thread.PutConversation(tx, c, &conversation)
}
