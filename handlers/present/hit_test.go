package present

import (
	"testing"

	"pult/domain"
	"pult/domain/desk/chats"
)

// There is no page of a request alone: a find has to lead to the conversation with the request selected.
func TestHits_LeadToTheRequestInItsConversation(t *testing.T) {
	conversation, request := domain.ID{1}, domain.ID{4}
	hits := Hits(chats.SearchResult{Requests: []domain.Request{{ID: request, ConversationID: conversation, Title: "A damaged parcel"}}})
	if want := "/chats/" + conversation.String() + "?request=" + request.String(); len(hits) != 1 || hits[0].Link != want {
		t.Errorf("got %+v, want one find at %s", hits, want)
	}
}
