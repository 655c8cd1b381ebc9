/** Links of OpenAPI: which requests the parts of a reply lead to. */
export type ResponseLinks = Record<string, { operationId: string; parameters: Record<string, string> }>;

/** The requests that a reply with the id of a conversation leads to; `id` is a runtime expression. */
export function conversationLinks(id: string): ResponseLinks {
  return {
    conversation: { operationId: "readConversation", parameters: { id } },
    reply: { operationId: "replyToConversation", parameters: { id } },
  };
}

/** The request that shows how far an accepted upload is. */
export const JOB_LINKS: ResponseLinks = {
  job: { operationId: "readJob", parameters: { id: "$response.body#/jobId" } },
};
