package files

import (
	"slices"

	"pult/domain"
	"pult/domain/store"
)

// NewAttachment makes a stored file an attachment.
func NewAttachment(f domain.File) domain.Attachment {
	return domain.Attachment{FileID: f.ID, State: domain.FileStored, Name: f.Name, MIME: f.MIME, Size: f.Size}
}

// ClaimUploads makes an operator's uploads the attachments of one message. An upload of somebody else is NotFound.
func ClaimUploads(
	tx *store.Tx,
	who *domain.Operator,
	conversation *domain.Conversation,
	files []domain.ID,
) ([]domain.Attachment, error) {
	var list []domain.Attachment
	for _, id := range files {
		f, err := FindOwnUpload(tx, who, conversation.ID, id)
		if err != nil {
			return nil, err
		}
		if err := tx.ClaimFile(&f); err != nil {
			return nil, err
		}
		list = append(list, NewAttachment(f))
	}
	return list, nil
}

// ClaimStored gives the files that were stored before their message to the conversation of the message: attachments,
// the whole letter and its HTML. They are kept from then on.
func ClaimStored(tx *store.Tx, m *domain.Message) error {
	for _, id := range listStored(m) {
		f, err := tx.File(id)
		if err != nil {
			return err
		}
		f.ConversationID = m.ConversationID
		if err := tx.ClaimFile(&f); err != nil {
			return err
		}
	}
	return nil
}

// listStored lists the files of a message that are here already.
func listStored(m *domain.Message) (ids []domain.ID) {
	if m.Mail != nil {
		ids = append(ids, m.Mail.Source, m.Mail.HTML)
	}
	for _, a := range m.Attachments {
		if a.State == domain.FileStored {
			ids = append(ids, a.FileID)
		}
	}
	return slices.DeleteFunc(ids, domain.ID.IsZero)
}
