import { caseTypes, type DouyinCase, isArbitrationOpen } from "./model.ts";

export interface RejectReason {
  code: number;
  reason: string;
  needsEvidence: boolean;
  evidenceDescription: string;
  /** Whether the seller has the goods: 0 no, 1 yes, -1 either. */
  pkg: -1 | 0 | 1;
}

const any = -1;

/** What a seller may give as the reason of a refusal. The simulator's own list; real ones are read per case. */
export const rejectReasons: readonly RejectReason[] = [
  { code: 5, reason: "已与买家协商一致", needsEvidence: false, evidenceDescription: "", pkg: any },
  { code: 6, reason: "商品影响二次销售", needsEvidence: true, evidenceDescription: "上传商品现状照片", pkg: 1 },
  { code: 35, reason: "退回商品与发出商品不一致", needsEvidence: true, evidenceDescription: "上传开箱照片", pkg: 1 },
  { code: 41, reason: "包裹正常派送中", needsEvidence: false, evidenceDescription: "", pkg: 0 },
  { code: 42, reason: "申请理由与事实不符", needsEvidence: true, evidenceDescription: "上传相关凭证", pkg: 0 },
];

/** Empty when the case is finished, was audited already, or its order has not been shipped (refuse by shipping it). */
export function rejectReasonsFor(case_: DouyinCase): readonly RejectReason[] {
  const isAuditable = case_.status === 6 || case_.status === 11;
  if (!isAuditable || case_.type === caseTypes.refundUnshipped || isArbitrationOpen(case_)) return [];
  const pkg = case_.status === 11 || case_.gotPackage ? 1 : 0;
  return rejectReasons.filter((reason) => reason.pkg === any || reason.pkg === pkg);
}
