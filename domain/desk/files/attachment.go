package files

import (
	"pult/domain"
	"pult/domain/store"
)

func NewAttachment(f domain.File) domain.Attachment {
	return domain.Attachment{FileID: f.ID, State: domain.FileStored, Name: f.Name, MIME: f.MIME, Size: f.Size}
}

// ClaimUploads makes uploads the attachments of one message.
func ClaimUploads(tx *store.Tx, who *domain.Operator, conversation *domain.Conversation, files []domain.ID) ([]domain.Attachment, error) {
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

// ClaimStored gives files that lay in the desk before their message came to the message's conversation.
func ClaimStored(tx *store.Tx, m *domain.Message) error {
	for _, a := range m.Attachments {
		if a.State != domain.FileStored || a.FileID.IsZero() {
			continue
		}
		f, err := tx.File(a.FileID)
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
